"""Who is in the tenant; tests write another file in place of this one."""

from fake_tenant import people

PEOPLE = people(12)
