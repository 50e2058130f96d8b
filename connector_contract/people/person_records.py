"""Whether a record is a person: what its fields, its type and the name of its collection say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connector_contract.people.field_names import Field, field, normalized
from connector_contract.people.listed import listed
from connector_contract.people.machines import is_machine, is_of_program, is_of_role, is_of_service
from connector_contract.people.name_words import words_in
from connector_contract.people.references import is_role

# By their letters: of several, the first counts.
_TYPES = (
    *("type", "kind", "resourcetype", "odatatype", "objecttype", "typename", "object", "usertype"),
    *("accounttype", "recordtype", "entitytype", "sysclassname", "objectclass", "ref"),
)
_PERSON_TYPES = listed(
    "user person member guest employee contact human microsoftgraphuser admindirectoryuser people users"
    " members contacts employees inetorgperson organizationalperson posixaccount appuser sysuser"
)
_GROUP_TYPES = listed(
    "group groups organization organizations teams roles bot application serviceaccount serviceprincipal"
    " team role app oktagroup appgroup builtin microsoftgraphgroup admindirectorygroup company repository"
    " workspace project groupofnames groupofuniquenames posixgroup organizationalunit computer"
    " sysusergroup sysuserrole service machine integration technicaluser machineuser serviceuser systemuser"
    " automation"
)
# Each of these says it of what has a type of several words: "atlassian-group-role-actor", "CustomRole".
_OF_GROUP_TYPES = listed("group groups team teams role roles app apps service bot bots")
_OF_PERSON_TYPES = _PERSON_TYPES | listed("owner admin administrator agent lead manager customer")
# Whose type such a field says: "memberType", and no "planType".
_TYPED = listed(
    "member actor principal subject entity object resource assignee grantee identity party target"
)
# What groups have and people have not: of SCIM, Graph, Google, Okta and Lumos.
_OF_GROUPS = listed(
    "members mailenabled securityenabled directmemberscount grouptypes membercount memberscount"
    " entitlementtype integrationspecificresourceid resourcetype objectclass isassignable"
)
# What a company has that has an account, and somebody who has one has not.
_OF_COMPANIES = listed("slug subdomain plan tier seats industry website subscription billing domains")
# What says what a field is for that an application's customers have made.
_OF_DEFINITIONS = listed("namekey fieldtype valuetype options required nullable multiple searchable editable")
_OF_HOSTS = listed("hostname fqdn port ports cidr subnet netmask gateway macaddress instancetype")
# Salesforce's have a type and a URL; those of JSON:API are the record.
_FEW = 2
# Whether it is one.
_OF_BOTS = ("is_bot", "isBot", "bot", "isServiceAccount", "is_service_account", "serviceAccount")
_STRONG = listed(
    "username userprincipalname primaryemail realname samaccountname login employeenumber employeeid"
    " secondemail othermails recoveryemail"
)
# What says that "family" and "sn" beside it are names, and of which kind each is itself.
_GIVEN = listed("given first givenname firstname fname forename preferredfirstname")
_FAMILY = listed("family last familyname lastname surname lname sn")
_OF_LDAP = listed("cn uid mail displayname gecos")
_WEAK = frozenset(("email", "date"))
# Of what has an account, these say that it is somebody.
_OF_PEOPLE = listed("displayname avatar avatarurl title jobtitle firstname givenname lastlogin lastloginat")


@dataclass(frozen=True)
class Shape:
    """What the names of an object's fields say, whatever their values are.

    Attributes:
        names: Their names, in their order.
        fields: What each says.
        is_strong: Whether only people have such fields.
        is_weak: Whether people have such fields, and perhaps groups.
        is_group: Whether only groups have such fields.
        is_company: Whether companies have such fields, and nothing says that a person has them.
        is_definition: Whether definitions of fields have such fields.
        is_host: Whether machines have such fields.
        is_named: Whether they have both a given and a family name.
        named: The fields that may have a name of it as a whole.
        types: The fields that name its type.
        more_types: Those that may do so, where no field of it is a person's for certain.
        inner: The fields that may hold more of the record.
        called: The fields that may have what it logs in with.
        typed: The fields that say of which type another thing is, and those that name it: ``principalType``
            and ``principalDisplayName``.
    """

    names: tuple[str, ...]
    fields: tuple[Field, ...]
    is_strong: bool
    is_weak: bool
    is_group: bool
    is_company: bool
    is_definition: bool
    is_host: bool
    is_named: bool
    named: tuple[str, ...]
    types: tuple[str, ...]
    more_types: tuple[str, ...]
    inner: tuple[str, ...]
    called: tuple[str, ...] = ()
    typed: tuple[tuple[str, tuple[str, ...]], ...] = ()


class Records:
    """Judges objects, and remembers what names of fields say together."""

    def __init__(self) -> None:
        self._shapes: dict[tuple[str, ...], Shape] = {}

    def shape(self, record: Mapping[str, Any]) -> Shape:
        """What the names of its fields say."""
        names = tuple(record)
        known = self._shapes.get(names)
        if known is None:
            known = self._shapes[names] = _shape(names)
        return known

    def is_person(self, record: Mapping[str, Any], shape: Shape, context: bool | None) -> bool | None:
        """Whether a record is a person; ``None`` if nobody says.

        Args:
            record: The record.
            shape: Its shape.
            context: Whether what it is in holds people; ``None`` if that says nothing.
        """
        said = False if _is_machines(record, shape) else by_type(record, shape)
        if said is not None:
            return said
        if shape.is_strong or self._is_person_within(record, shape):
            return True
        if shape.is_group:
            return False
        if shape.is_company and context is True:
            return None
        return (shape.is_weak or None) if context is None else context

    def _is_person_within(self, record: Mapping[str, Any], shape: Shape) -> bool:
        inner = (record[name] for name in shape.inner)
        return any(isinstance(each, dict) and self.shape(each).is_strong for each in inner)


def _shape(names: tuple[str, ...]) -> Shape:
    fields = tuple(map(field, names))
    letters = set(map(normalized, names))
    kinds = {each.kind for each in fields}
    # Of LDAP, where "sn" is a must (RFC 4519, 3.12), and no serial number.
    is_of_ldap = "sn" in letters and bool(letters & _OF_LDAP)
    return Shape(
        names,
        fields,
        bool(letters & _STRONG or kinds & {"given_name", "family_name"} or is_of_ldap),
        bool(kinds & _WEAK),
        bool(letters & _OF_GROUPS),
        bool(letters & _OF_COMPANIES) and not letters & _OF_PEOPLE and not kinds & _WEAK,
        bool(letters & _OF_DEFINITIONS),
        bool(letters & _OF_HOSTS),
        bool(letters & _GIVEN and letters & _FAMILY) or is_of_ldap,
        tuple(name for name, each in zip(names, fields, strict=True) if each.of_person == "name"),
        (
            *(name for kind in _TYPES for name in names if normalized(name) == kind),
            *(name for name in ("schemas", "meta", *_OF_BOTS, "attributes") if name in names),
        ),
        tuple(filter(_is_type, names)) if kinds <= {None, "photo"} else (),
        tuple(name for name in ("name", "profile", "attributes") if name in names),
        tuple(name for name, each in zip(names, fields, strict=True) if each.of_person in ("login", "email")),
        tuple(_typed(names)),
    )


def _is_type(name: str) -> bool:
    letters = normalized(name)
    return letters in ("type", "kind") or (
        letters.endswith(("type", "kind")) and letters[: -len("type")] in _TYPED
    )


def _typed(names: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name in names:
        whose = normalized(name).removesuffix("type")
        if whose and whose != normalized(name):
            ends = [f"{whose}{end}" for end in ("name", "displayname", "fullname")]
            if called := tuple(each for each in names if normalized(each) in ends):
                yield name, called


def are_people(record: Mapping[str, Any], shape: Shape) -> Iterator[tuple[str, bool]]:
    """Each field that names what another field says to be a person, or to be none, and whether it is one."""
    for name, called in shape.typed:
        is_person = _says("type", record[name])
        if is_person is not None:
            yield from ((each, is_person) for each in called)


def by_type(record: Mapping[str, Any], shape: Shape) -> bool | None:
    """Whether a record says itself that it is a person; ``None`` if it says nothing."""
    for name in shape.types:
        said = _says(name, record[name])
        if said is not None:
            return said and not _is_definition(record, shape)
    are_groups = (_is_group_type(record[name]) for name in shape.more_types)
    return False if any(are_groups) else None


def _is_definition(record: Mapping[str, Any], shape: Shape) -> bool:
    """Whether a record says what a field is for: ``{"type": "employee", "name": "Supervisor"}``."""
    if not shape.more_types:
        return False
    # Greenhouse has the value, which is somebody, beside it.
    has_value = any(
        isinstance(record.get(name, ""), (dict, list, type(None))) for name in ("value", "values")
    )
    return shape.is_definition or has_value or _all_named(record, shape, is_role)


def _all_named(record: Mapping[str, Any], shape: Shape, judge: Callable[[str], bool]) -> bool:
    """Whether a record has names, and each is as it is judged by."""
    found = [record[name] for name in shape.named]
    return bool(found) and all(isinstance(each, str) and judge(each) for each in found)


def _is_group_type(value: Any) -> bool:
    """Whether the words of a type say that what has it is no person."""
    if not isinstance(value, str) or " " in value:
        return False
    *before, last = map(str.lower, words_in(value) or [""])
    if last in _OF_GROUP_TYPES:
        # Whoever works in the "customer_service" is somebody.
        return last != "service"
    return not _OF_GROUP_TYPES.isdisjoint(before) and _OF_PERSON_TYPES.isdisjoint((*before, last))


def _is_machines(record: Mapping[str, Any], shape: Shape) -> bool:
    """Whether what a record logs in with says that it is no person's."""
    parts = [each.rpartition("@") for name in shape.called if isinstance(each := record[name], str)]
    if any(is_machine(local or own) or is_of_service(own) for local, _, own in parts):
        return True
    is_program = any(is_of_role(local or own) for local, _, own in parts)
    return is_program and not shape.is_named and _all_named(record, shape, is_of_program)


def _within_about(name: str, about: Mapping[str, Any]) -> bool | None:
    """What ``meta`` of SCIM and ``attributes`` of Salesforce say."""
    if name == "meta":
        return _says("type", about.get("resourceType"))
    kind = about.get("type") if name == "attributes" and len(about) <= _FEW else None
    return _says("type", kind) is True if isinstance(kind, str) else None


def _says(name: str, value: Any) -> bool | None:
    if name == "schemas" and isinstance(value, list):
        ends = {str(each).rpartition(":")[2] for each in value}
        return True if "User" in ends else False if "Group" in ends else None
    if name == "objectClass" and isinstance(value, (list, tuple)):
        # From the most general on (RFC 4512, 2.4): a computer of Active Directory is a person before.
        return next((said for each in reversed(value) if (said := _says("type", each)) is not None), None)
    if isinstance(value, dict):
        return _within_about(name, value)
    if name in _OF_BOTS:
        return False if value is True else None
    if not isinstance(value, str):
        return None
    if name == "$ref":
        return True if "/Users/" in value else False if "/Groups/" in value else None
    letters = normalized(value.replace("#", "")).removesuffix("reference")
    return True if letters in _PERSON_TYPES else False if letters in _GROUP_TYPES else None
