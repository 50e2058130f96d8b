"""Write docs/contract.md from the docstrings of the rules: ``python docs/contract_page.py``."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

from connector_contract import ConnectorContract
from connector_contract.contract.rule import Rule, rules_of

PAGE = Path(__file__).with_name("contract.md")

HEAD = """# The standard contract

What every Lumos connector owes, as the docstrings of `connector_contract.ConnectorContract` have it.

Subclass it in a test module beside the `connector_under_test` fixture, and name what only you know:

```python
class TestAcmeContract(ConnectorContract):
    upstream_ids = {"list_accounts": "items[].id"}
    upstream_status = {"list_accounts": "items[].[id, status]"}
    write_requests = {"deactivate_account": {"account_id": "u1"}}
```

`connector-contract init` writes such a module for a connector that you have ([five minutes](init.md)).

Each rule is a test. A failure says what is wrong, which records, and what Lumos does with them. What each
capability owes, and which rules check it, has [a page of its own](capabilities.md).

Rules that judge the same response share one recording, so the upstream is asked once. The class owns it:

| file in `cassettes/<test module>/` | holds |
|---|---|
| `<class>.reads[list_accounts-100].yaml` | a walk in pages of 100 |
| `<class>.reads[list_accounts-default].yaml` | the same in pages of the connector's default size |
| `<class>.reads[get_account].yaml` | a call with your example, of what does not come in pages |
| `<class>.reads[list_accounts-100-last].yaml` | the last page, if a sample leaves pages out |
| `<class>.refusal[token].yaml` | a call with wrong credentials, played to each capability |
| `<class>.writes[create_account].yaml` | a write with your example, its repeat, and the lists that show it |
| `<class>.test_unknown_id[get_account].yaml` | what one rule alone asks for |

The largest size that gives three pages is walked to its end, so that a lost last page shows. Smaller sizes
are walked for three pages. With a `Sample`, walks stop earlier ([real tenants](real-tenants.md)).

The first rule that needs a shared recording records it, or plays it and checks it; the others take what came
of it. A run with `--record-mode=rewrite` records each of them once, also with `-n auto`.

A recording is saved although its rule is broken: the breach is in the connector, and `pytest` shows it
again without the server until you have fixed it. If the fixed connector makes other requests, record it
again with `pytest --record-mode=rewrite`, and with `--lf` only what failed. Should a rule still be broken
then, you see its true verdict offline, and the end of the run names the files that were replaced, with `git
restore`. A rule that fails for another reason, such as an upstream that is down, keeps its old files.

## Expressions

`upstream_ids`, `upstream_status` and `upstream_kind` are [JMESPath](https://jmespath.org/tutorial.html), and
are searched for in the recorded bodies: `cassettes/` shows what they can find. A number equals the string
that reads the same.

| what | expression |
|---|---|
| the ids of a list | `"items[].id"` |
| ids that the connector composes | `"items[].join('-', ['staff', to_string(id)])"` |
| an entitlement and its resource | `"roles[].[id, project_id]"` |
| an association | `"grants[].[user_id, role_id, project_id]"` |
| an association, from users that each have a list of roles | `"users[].[id, roles[].[id, project_id]]"` |
| a part that may be missing | `"roles[].[id, not_null(project_id, '')]"` |
| a part that only the request has | `"items[].[user_id, path_after('groups'), query('role')]"` |
| different lists for one capability | `{"/v1/staff": "items[].id", "/v1/guests*": "people[].login"}` |
| a status of several parts | `"items[].[id, deleted, suspended]"` |
| what tells people from machines | `"items[].[id, kind]"` |

`path_after('groups')` is the segment after `groups` in the path of the request. `query('role')` is a
parameter of its query; else a field of the form that it sent, or of its JSON object or the `variables` in
that. What the request does not have is null.

A glob matches the whole path of the URL, without its query; `*` also matches slashes. Each glob has to
match a request.

Bodies need not be JSON. All values of XML and CSV are strings.

| a body | is read as | ids of a list |
|---|---|---|
| CSV, parted by commas, semicolons or tabs | a list of objects | `"[?user != '#rows'].[user, group]"` |
| XML | an object with the document's root | `'groups.group[]."@id"'` |
| JSON in lines | a list | `"[].id"` |

The first row of a CSV names the fields. A last row that counts the others is one of them: leave it out, as
above.

An XML element is an object of its children and its attributes (`@id`), and has its text beside them as
`#text`; without any of them it is its text, or null. Of children with one name there is a list. `[]`, `[*]`,
`[?...]` and `[0]` take what comes once for a list of one, because nothing else tells the two apart. Names
have no prefix of a namespace: `<ns:user>` is `user`. A document that declares entities is not read.

The lists of custom capabilities may have `upstream_ids`, too. A custom capability is checked as soon as it
has an example in `read_requests` or `write_requests`, which may be `{}`.

## Accounts that are not listed

`list_accounts` lists "only active and suspended" accounts, as the SDK's specification has it. Say which raw
statuses these have, as `upstream_status` finds them:

```python
    upstream_status = {"list_accounts": "items[].[id, status]"}
    listed_statuses = ["active", "suspended"]
```

Then `complete` does not demand the accounts with any other raw status, and fails if one of them is listed;
so does `writes` if a deleted account still is. If `list_updated_accounts` leaves accounts out, too, write a
dict: `{"list_accounts": [...], "list_updated_accounts": [...]}`. A status of several parts is a list of them,
such as `[True, None]`, or the text that the table of statuses shows, `"true, null"`.

A connector that lists accounts as `DELETED` or `DEPROVISIONED` breaks no rule: the schema `AccountStatus` has
both. The end of the run says so. `INACTIVE`, `PENDING` and `SUSPENDED` accounts are listed.

## What tells people from machines

`upstream_kind` finds whatever tells people from machines. The rule `kinds` keeps a table of what each raw
kind becomes (`user` or `service`) as a snapshot. It fails if all become the same, and the name of one says
that it is a machine's, such as `bot`; if no name does, the end of the run shows the table.

## Rules and waivers

A rule that finds nothing to check is skipped, and the end of the run says why. A rule that need not hold is
waived, with the reason, which each run shows: `waivers = {"complete[list_accounts]": "..."}`. A waiver that
is not needed any more fails; one that connectors [share by a base class](monorepo.md#what-connectors-share)
need not be needed by each.

A capability that asks in another way than over HTTP, such as LDAP or JDBC, cannot be recorded. Declare it,
with the reason: `not_http = {"list_accounts": "read over LDAP"}`. No rule is about it then, and the run says
so. While something is recorded, one that reads is called, and what asks over HTTP all the same fails.

What you declare to demand less (`waivers`, `excluded_ids`, `empty_attributes`, `listed_statuses`, `not_http`,
`sample`) is kept in `snapshots/<test module>/<class>.declarations.json`. `pytest --record-mode=once` writes
the file, and `pytest --snapshot-update` accepts a change of it, so a reviewer sees each waiver.

What differs between tenants, editions or API versions is a `by_variant(...)` ([variants](variants.md)).
"""


def page() -> str:
    """The page, as Markdown."""
    return "\n".join([HEAD, "## What you can name", "", *_facts(), "", *_rules()]) + "\n"


def _facts() -> Iterator[str]:
    text = inspect.cleandoc(ConnectorContract.__doc__ or "").partition("Attributes:\n")[2]
    for line in inspect.cleandoc(text).splitlines():
        name, colon, rest = line.partition(": ")
        starts = bool(colon) and not line.startswith(" ")
        yield (f"- `{name}`: {rest}" if starts else f"  {line.strip()}").replace("``", "`")


def _rules() -> Iterator[str]:
    section = ""
    members = [each for cls in reversed(ConnectorContract.__mro__) for each in vars(cls).items()]
    for name, test in members:
        if not hasattr(test, "contract_rule"):
            continue
        rule = rules_of(ConnectorContract)[name.removeprefix("test_")]
        if rule.section != section:
            section = rule.section
            yield f"## {section}\n"
        yield f"### `{_shown(name.removeprefix('test_'), rule)}`\n"
        yield inspect.cleandoc(test.__doc__).replace("``", "`") + "\n"


def _shown(name: str, rule: Rule) -> str:
    parameters = [] if rule.applies_to is None else ["capability"]
    parameters += [] if rule.parametrize is None else [rule.parametrize[0]]
    return f"{name}[{'-'.join(parameters)}]" if parameters else name


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
