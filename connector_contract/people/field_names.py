"""Which names of fields say that a value is personal, in the spellings of the usual APIs.

Sources: SCIM 2.0 (RFC 7643, 4.1 and 4.3); Okta's user profile; ``user`` of Microsoft Graph 1.0; ``users``
of Google's Directory API; ``user`` of Slack's Web API; ``user`` of GitHub's REST API; inetOrgPerson (RFC
2798); the models of Lumos' SDK. A name is compared by its letters alone: ``given_name``, ``givenName`` and
``given-name`` are one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from connector_contract.people import foreign_names
from connector_contract.people.listed import listed
from connector_contract.people.name_words import words_in
from connector_contract.people.references import referring
from connector_contract.people.words import folded

# Of whatever record.
_ALWAYS = {
    "given_name": "familiarname"
    " givenname firstname forename fname middlename preferredfirstname legalfirstname"
    " namefirst"
    " namemiddle patronymic",
    "family_name": "familyname lastname surname lname maidenname birthname"
    " legallastname secondlastname namelast",
    "name": "formername formernames previousname previousnames"
    " realname realnamenormalized displaynamenormalized personname employeename"
    " contactname contactperson managername ownername preferredname legalname assigneename"
    " fulllegalname preferredfullname mothersname fathersname mothersmaidenname cardholdername calleename"
    " approvername requestername authorname creatorname actorname",
    "login": "username userlogin loginname samaccountname userprincipalname"
    " onpremisesuserprincipalname screenname twitterusername githubusername"
    " githublogin slackhandle",
    "email": "email mail emailaddress emails othermails proxyaddresses imaddresses mails",
    "phone": "phone phones phonenumber phonenumbers mobilephone primaryphone businessphone"
    " businessphones homephone workphone formattedphone telephone telephonenumber mobile mobilenumber"
    " cell cellphone fax faxnumber recoveryphone officephone facsimiletelephonenumber"
    " pager homephonenumber tel landline msisdn whatsapp whatsappnumber contactnumber",
    "address": "streetaddress homeaddress homepostaladdress postaladdress street addressline addressline1"
    " addresslinedata formattedaddress mailingstreet mailingcity mailingpostalcode",
    "photo": "profilepicture profileurl profilepictureurl profileimage profileimageurl thumbnailphotourl"
    " thumbnailphoto jpegphoto headshot profilephoto profilephotourl",
    "text": "bio biography aboutme statustext",
    "number": "employeenumber employeeidentifier employeeno employeeid personnelnumber personnelno"
    " staffid staffno staffnumber"
    " ssn socialsecuritynumber taxid"
    " nationalid nationalidnumber passportnumber badgenumber nhsnumber aadhaar aadhaarnumber"
    " nationalinsurancenumber"
    " driverlicense driverslicense drivinglicence driverlicensenumber socialinsurancenumber"
    " workphoneextension"
    " phoneextension bankaccountnumber sortcode routingnumber",
    "date": "birthday birthdate dateofbirth dob",
    "ip": "lastloginip lastip ipaddress clientip currentsigninip lastsigninip sourceip sourceipaddress"
    " clientipaddress remoteip remoteipaddress remoteaddr",
}
# Of a person alone: a group has a name, too.
_OF_PERSONS = {
    "given_name": "first given middle",
    "family_name": "last family sn",
    "name": "name displayname display fullname formatted formattedname cn gecos displayvalue",
    "login": "login handle mailnickname alias uid nick nickname nicknames",
    "email": "aliases noneditablealiases",
    "address": "address city locality town municipality postalcode postcode zipcode zip pincode eircode"
    " poboxnumber"
    " location",
    "photo": "avatar avatarurl picture pictureurl photo photos photourl image imageurl"
    " imageoriginal thumbnail",
    "text": "about note notes signature",
    "number": "extension ext"
    " nin sin cpf iban passport dni nif curp bsn pesel insee vatid taxnumber bankaccount",
    "date": "born birth",
    "ip": "ip",
}
# Names with something before them: "user_email", "managerFirstName", "workPhone".
_ENDS = (
    ("employeeid", "number"),
    ("employeenumber", "number"),
    ("emailaddress", "email"),
    ("email", "email"),
    ("firstname", "given_name"),
    ("givenname", "given_name"),
    ("lastname", "family_name"),
    ("familyname", "family_name"),
    ("surname", "family_name"),
    ("phonenumber", "phone"),
    ("mobilephone", "phone"),
    ("personalmobile", "phone"),
    ("workmobile", "phone"),
    ("username", "login"),
    ("streetaddress", "address"),
    ("avatarurl", "photo"),
    ("photourl", "photo"),
    ("pictureurl", "photo"),
    ("picurl", "photo"),
)
# "Phone_Number_Without_Area_Code" is one, "phoneNumberId" and "phone_number_verified_at" are not.
_PHONE = re.compile(
    r"(?:phone|mobile|fax)(?:number)?"
    r"(?:with(?:out)?[a-z]*(?:code|prefix|extension)|raw|formatted|national|international|local|normalized)\Z"
)
# "SourceIp", "remoteAddress", "login_ip"; a server has addresses, too.
_IP = re.compile(
    r"(?:\A|login|signin|session|source|src|origin|from|client|remote|actor|user|last|caller|access|current"
    r"|request|requester|visitor|peer|device|auth)ip(?:v[46])?(?:addr(?:ess)?)?\Z"
    r"|remoteaddr(?:ess)?\Z|forwardedfor\Z"
)
_OF_HOSTS = listed(
    "server host hosts private public gateway dns nat vip elastic bind listen allowed allow deny range block"
    " static node cluster vm instance router egress ingress endpoint"
)
# Workday's reports: "Phone_-_Primary_Home", "Home_Address_-_Formatted", "Address_-_Home_-_Line_1".
_WHERE = r"(?:primary|home|work|personal|mobile|mailing|residential|private|permanent|postal|legal|current)"
_REPORTED = (
    (re.compile(rf"(?:phone|telephone){_WHERE}+(?:number)?\Z"), "phone"),
    (
        re.compile(rf"{_WHERE}+address(?:formatted|full|line\d?|street|city|postalcode|zip|zipcode)*\Z"),
        "address",
    ),
    (
        re.compile(rf"address{_WHERE}+(?:formatted|full|line\d?|street|city|postalcode|zip|zipcode)+\Z"),
        "address",
    ),
)
# In a person's record, what they are called by if it has the form of that, and no id.
_USERS = listed(
    "user userid userref externalid alternateid persistentid nameid username"
    " benutzer usuario utilisateur utente gebruiker"
)
_HANDLES = listed(
    "instagram facebook twitter linkedin linkedinurl linkedinprofile skype skypeid skypename telegram"
    " discord"
    " github githubprofile gitlab mastodon bluesky wechat tiktok youtube im"
)
# Also of a product, a font, a list or a device: "sn" may be its serial number.
_AMBIGUOUS = listed("first given middle last family sn")
# From which reading on a text that has the form of a name is one: that of any object, of attributes in which
# one field names the other, of a text with a label.
_BY_FORM = {"fullname": 1, "displayname": 2, "name": 3, "cn": 3}
_PERSONS = listed(
    "user users member members account accounts people person persons owner owners assignee assignees"
    " manager managers supervisor supervisors employee employees contact contacts author authors actor"
    " actors creator creators createdby updatedby lastmodifiedby modifiedby requester requesters approver"
    " approvers reviewer reviewers reporter assignedto invitee invitees participants collaborators admins"
    " administrators followers sender recipients directreports staff worker workers lead leads sponsor"
    " sponsors secretary assistant delegate delegates caller"
)
# An account may be a company's; an account is modified from an address, and by somebody.
_NO_OWNERS = listed("account accounts createdby updatedby lastmodifiedby modifiedby assignedto directreports")
_GROUPS = listed(
    "group groups role roles team teams application applications app apps organization organizations org"
    " orgs company companies department departments entitlement entitlements license"
    " licenses permission permissions workspace workspaces project projects repo repos repository"
    " repositories division location locations channel channels policy policies plan plans tag tags label"
    " labels schema schemas subscription subscriptions product products tenant tenants device devices"
    " memberof"
)
_CONTAINERS = listed(
    "name names profile attributes fields userprofile userattributes customattributes extradata details"
    " personalinfo personaldetails traits contactinfo contactdetails properties customfields nameinfo"
    " metadata custom legal legalname fullname personname preferredname contactmethods userfields"
)
_OF_NAMES = listed("legal preferred nameinfo")
_ABOUT = listed("meta links embedded credentials")
_LISTS = listed("nodes edges node items data results records entries list values value")
_IDS = ("id", "ids", "key", "value", "user", "subject", "principal", "login", "ref", "name")
_PLURALS = {
    "emails": "email",
    "emailaddresses": "email",
    "phones": "phone",
    "phonenumbers": "phone",
    "landlines": "phone",
    "mobiles": "phone",
    "addresses": "address",
    "address": "address",
    "homeaddress": "address",
    "workaddress": "address",
    "postaladdress": "address",
    "addressdata": "address",
    "mailingaddress": "address",
    "residentialaddress": "address",
    "privateaddress": "address",
    "permanentaddress": "address",
    "legaladdress": "address",
    "currentaddress": "address",
    "photo": "photo",
    "photos": "photo",
    "avatar": "photo",
    "avatars": "photo",
    "avatarurls": "photo",
    "picture": "photo",
    "pictures": "photo",
    "ims": "email",
    "externalids": "number",
    "governmentids": "number",
    "nationalids": "number",
    "relations": "name",
    "nicknames": "name",
    "birthdays": "date",
    "biographies": "text",
}
_IN_PLURALS = listed(
    "value address email phone number display url formatted im text idvalue dialnumber formattednumber"
)
_IN_ADDRESSES = listed(
    "formatted formattedaddress addresslinedata municipality postcode eircode streetaddress street"
    " street1 street2 lineone linetwo cityname line1 line2 addressline locality city town postalcode"
    " zip zipcode pobox extendedaddress line address"
)
# What a field that is personal has its value in: ``{"givenName": {"value": "Alice"}}``.
_VALUES = listed(
    "formattedname"
    " value values val text stringvalue attributevalue formattedvalue displayvalue v current content date"
)
ENUMS = listed(
    "status state type kind role roles level mode category class scope permission plan tier license"
    " action event method provider operation schema format unit currency language locale timezone country"
    " region department division visibility access entitlement privilege resource object"
)
"""The last words of names of fields whose values are one of a few."""
# Those whose values a tenant makes itself, and may have named after somebody.
_OF_TENANTS = listed(
    "role roles category class permission plan tier license privilege entitlement access region department"
    " division resource object type kind level"
)
_TITLES = ("jobtitle", "jobposition", "jobfunction", "jobcode")

# Whose address a field has that is nobody's: "folder_upload_email", "incoming_email", "service_desk_address".
_OF_THINGS = listed(
    "upload uploads inbound incoming ingest ingestion integration integrations service services webhook bot"
    " import"
)
_MAILED = listed("email mail address mailbox")
_KINDS = listed("type kind status state level category class mode")

_LETTERS = re.compile(r"[^a-z]")
# What a tenant's own fields have before or after their names, in ServiceNow, Workday, Graph and Salesforce.
_MARK = re.compile(r"\A(?:u_|cf_|custom_|extension_[0-9a-f]{32}_)(?=.)|(?<=.)__(?:c|pc|r)\Z", re.IGNORECASE)
_LAST_WORD = re.compile(r"([A-Za-z][a-z]*)[^A-Za-z]*\Z|([A-Z]+)\Z")


@dataclass(frozen=True)
class Field:
    """What the name of a field says.

    Attributes:
        kind: What it holds, whoever has it.
        of_person: What it holds if a person has it.
        is_persons: Whether it holds people.
        is_groups: Whether it holds what has names, but is no person.
        is_about: Whether it says something about the record that it is in.
        is_container: Whether it holds more of the same record.
        plural: What the items or fields in it hold.
        is_list: Whether it holds the items of what it is in.
        is_id: Whether it may say which person it is about.
        is_enum: Whether it holds one of a few values.
        in_plural: Whether it is the field that has the value of such an item.
        in_address: Whether it is a part of an address that names a place.
        is_ambiguous: Whether it is a name beside another name of the same person, or in an object of names.
        is_name: Whether what is in it is a name.
        by_form: From which reading on (1, 2 or 3) what has the form of a name is one; 0 if from none.
        is_value: Whether it may have the value of the field that it is in.
        is_of_tenant: Whether a tenant makes these values.
        is_user: Whether it may be what the person of the record logs in with.
        is_handle: Whether it is what the person is called elsewhere.
        is_label: Whether it may have what its record is called.
        is_kind: Whether what is in it is a kind of something, such as that of people: ``employment_type``.
        is_of_thing: Whether it may have an e-mail address that is nobody's.
        is_ip: Whether it may have the IP address that somebody came from.
        names_somebody: Whether it has the name of somebody else than its record is, such as an author.
        refers: What it may have of somebody whom it refers to, as ``references`` has it.
    """

    kind: str | None = None
    of_person: str | None = None
    is_persons: bool = False
    is_groups: bool = False
    is_about: bool = False
    is_container: bool = False
    plural: str | None = None
    is_list: bool = False
    is_id: bool = False
    is_enum: bool = False
    in_plural: bool = False
    in_address: bool = False
    is_ambiguous: bool = False
    is_name: bool = False
    by_form: int = 0
    is_value: bool = False
    refers: int = 0
    is_of_tenant: bool = False
    is_user: bool = False
    is_handle: bool = False
    is_label: bool = False
    is_kind: bool = False
    is_of_thing: bool = False
    is_ip: bool = False
    names_somebody: bool = False

    @cached_property
    def is_part(self) -> bool:
        """Whether an object in it belongs to the record that the field is of."""
        return self.is_container or self.is_about or self.plural is not None


@lru_cache(8_192)
def normalized(name: str) -> str:
    """The letters of a name, in lower case and without the prefix of a namespace."""
    if name.startswith("urn:"):
        return "profile"
    return _LETTERS.sub("", folded(_unmarked(name.rpartition(":")[2])))


@lru_cache(8_192)
def field(name: str) -> Field:
    """What the name of a field says."""
    letters, name = normalized(name), _unmarked(name)
    refers = referring(name)
    is_of_thing = _is_of_thing(name)
    always = None if is_of_thing else _KIND.get(letters) or _by_end(letters) or _of_whom(name, letters)
    return Field(
        always,
        always or _KIND_OF_PERSON.get(letters),
        letters in _PERSONS or refers > 0 or letters.endswith(("members", "owners", "users", "managers")),
        letters in _GROUPS or (is_of_thing and "email" in letters),
        letters in _ABOUT,
        letters in _CONTAINERS,
        _PLURALS.get(letters),
        letters in _LISTS,
        letters.endswith(_IDS),
        _last_word(name) in ENUMS or letters.endswith(_TITLES),
        letters in _IN_PLURALS,
        letters in _IN_ADDRESSES,
        letters in _AMBIGUOUS,
        letters in _OF_NAMES or letters.endswith(("name", "names")),
        _BY_FORM.get(letters, 0),
        letters in _VALUES,
        refers,
        _last_word(name) in _OF_TENANTS or letters.endswith(_TITLES),
        letters in _USERS,
        letters in _HANDLES,
        letters in ("summary", "label"),
        _last_word(name) in _KINDS,
        is_of_thing,
        _is_ip(name, letters),
        always == "name" and (_of_whom(name, letters) is not None or _OWNER.match(letters) is not None),
    )


def _unmarked(name: str) -> str:
    return _MARK.sub("", name)


def _by_end(letters: str) -> str | None:
    kind = next((kind for end, kind in _ENDS if letters.endswith(end)), None)
    if kind is None and _PHONE.search(letters):
        kind = "phone"
    if kind is None:
        kind = next((each for form, each in _REPORTED if form.match(letters)), None)
    if kind is None and (owner := _OWNER.match(letters)) is not None:
        # What a person has, a field has that is named after the person: "actorIp", "employeeAlias".
        own = _KIND_OF_PERSON.get(letters[owner.end() :], "")
        # "worker_image" and "staff_notes" are often somebody else's, or no person's.
        kind = own if own in ("name", "login", "number", "date", "ip") else None
    return kind


def _is_of_thing(name: str) -> bool:
    *whose, last = map(str.lower, words_in(name) or [""])
    if last not in _MAILED or _OF_THINGS.isdisjoint(whose):
        return False
    return not any(word in _PERSONS - _NO_OWNERS or referring(word) for word in whose)


def _is_ip(name: str, letters: str) -> bool:
    return _IP.search(letters) is not None and _OF_HOSTS.isdisjoint(map(str.lower, words_in(name)))


def _of_whom(name: str, letters: str) -> str | None:
    """That it is the name of somebody whom another field would refer to, such as ``emergencyContactName``."""
    if not letters.endswith("name") or letters.endswith(("username", "accountname")):
        return None
    owner = re.sub(r"(?i)(?:[^a-z]*(?:display|full))?[^a-z]*name[^a-z]*\Z", "", name)
    return "name" if referring(owner) else None


def _last_word(name: str) -> str:
    found = _LAST_WORD.search(name)
    return "" if found is None else found[0].strip("_-").lower()


def _by_name(*tables: dict[str, str]) -> dict[str, str]:
    return {name: kind for kinds in tables for kind, names in kinds.items() for name in names.split()}


_KIND = _by_name(foreign_names.OF_ANYBODY, _ALWAYS)
_KIND_OF_PERSON = _by_name(foreign_names.OF_PERSONS, _OF_PERSONS)
# "users_first" and "member_uid" are also counts and ids.
_OWNER = re.compile(
    rf"(?:{'|'.join(sorted(_PERSONS - _NO_OWNERS, key=len, reverse=True))})"
    rf"(?!(?:{'|'.join([*_AMBIGUOUS, 'uid'])})\Z)"
)
