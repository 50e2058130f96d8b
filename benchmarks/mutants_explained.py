"""What is known of the mutants that nothing names: why that is right, or what would have to be known."""

from __future__ import annotations

from collections.abc import Mapping

_REPEAT = "a write that is repeated, or creates what exists, may give an error that says so"
_WORDS = "only the words of an error differ: the response is refused as before, with the same code"
_GONE = "of several ids, those that are gone may be left out, or be an error"
_IGNORED = "that the upstream may ignore a filter, and answer with what was not asked for"
_SDK = "the SDK refuses wrong settings itself; only the words of the error differ"
_TYPE = "the ids say which entitlement it is; a right connector may leave its type unread"
_SETTING = "what a setting of the connector means, and which one is wrong, is known to its author alone"

EQUIVALENT: Mapping[str, str] = {
    "integration.py MockappIntegration._problem: a comparison is another one: name == => name !=": _SDK,
    "pagination.py _decode: a check is gone: pagination.offset == 0 => False": (
        "the connector never hands out such a token, and nobody else makes one"
    ),
    "capabilities_write.py _assign: it is not looked whether it is there: "
    "if await client.has_association(association): return False => ": _REPEAT,
    "client.py MockappClient.find_user_by_email: yes is no: True => False": _REPEAT,
    "client.py MockappClient.find_user_by_email: only the first page is looked at: "
    "if not page.has_more: => ": _REPEAT,
    "client.py MockappClient.__aenter__: a step is left out: await super().__aenter__() => pass": (
        "httpx opens a connection with the first request, and closes it as before"
    ),
    "dto/page.py ItemPage: a field need not be there: total: NonNegativeInt => total: NonNegativeInt = 0": (
        "a last page has the same records without it, and any other one is refused as before"
    ),
    "dto/page.py ItemPage: a field need not be there: has_more: bool => has_more: bool = False": (
        "a last page has the same records without it, and any other one is refused by its total"
    ),
    "capabilities_write.py _require_resource_type: a check is gone: resource_type != expected "
    "=> False": _TYPE,
    "capabilities_write.py unassign_entitlement: a step is left out: "
    "_require_resource_type(request.entitlement_type, request.resource_type) => pass": _TYPE,
    "responses.py _retry_after: it is left out: "
    'return int(seconds) if re.fullmatch(r"[0-9]{1,9}", seconds) else => return': (
        "the SDK's own handlers leave it out, too: Lumos then waits as long as it thinks right"
    ),
    "dto/user.py UserState._name_an_unknown_status: a check is gone: isinstance(value, str) and value not in"
    " {status.value for status in UserStatus} => False": _WORDS,
    "dto/base.py Dto: types are coerced: strict=True => strict=False": (
        "what it coerces, such as a number in quotes, is read as what it says"
    ),
    "integration.py MockappIntegration._problem: a step is left out: "
    "MockappSettings.model_validate(request.settings) => pass": _SDK,
    "dto/user.py UserState._name_an_unknown_status: an entry is dropped: {'status': value, 'user': "
    "info.data.get('id', '')} => {'status': value}": _WORDS,
    "client.py MockappClient.has_users: one more: 1 => 2": "it asks for two users to see that there is one",
    "capabilities_read.py get_last_activity: who is gone is an error: as error: => as error: raise": _GONE,
    "capabilities_read.py get_last_activity: half of a condition is gone: (not logins) and "
    "(not await client.has_users()) => (not logins)": _GONE,
    "client.py MockappClient.has_users: a value is taken for another: MockappEndpoint.USERS => "
    "MockappEndpoint.ASSOCIATIONS": "either list shows that the API is there",
    "capabilities_write.py delete_account: a second time is an error: "
    "if user.status is not UserStatus.DELETED: => if True:": _REPEAT,
    "pagination.py next_page: a full page has another one: if not items.has_more: => "
    "if len(items.items) < size:": "a list may end with an empty page",
    "pagination.py _page_size: another error: InvalidValueError => "
    "__import__('connector.oai.errors', fromlist=['errors']).NotFoundError": (
        "a negative size may be any error, or the default size"
    ),
    "capabilities_write.py _resource_type: another error: UnknownValueError => "
    "__import__('connector.oai.errors', fromlist=['errors']).NotFoundError": (
        "a type that does not exist may well be not found"
    ),
    "client.py _bearer_token: half of a condition is gone: not token or not => not": (
        "MockApp refuses an empty token itself, with the same code"
    ),
}
"""Mutants that change nothing that Lumos may rely on, by their names, each with the reason."""

SURVIVORS: Mapping[str, str] = {
    "client.py MockappClient.find_user_by_email: a comparison is another one: "
    "user.email.casefold() == => user.email.casefold() !=": (
        "it shows if the upstream has two users of one name; the recorded ones all have names of their own"
    ),
    "capabilities_read.py validate_credentials: a check is gone: "
    "expected_id is not None and expected_id != account.id => False": _SETTING,
    "capabilities_read.py validate_credentials: another error: InvalidConfigurationError => "
    "__import__('connector.oai.errors', fromlist=['errors']).NotFoundError": _SETTING,
    "settings.py _http_url: half of a condition is gone: {'http', 'https'} or not url.host => "
    "{'http', 'https'}": _SETTING,
    "capabilities_write.py delete_account: a step is left out: _require_status(user, UserStatus.DELETED) "
    "=> pass": (
        "that a user whom MockApp answers a deletion with may be active: which raw statuses say that a write"
        " was not done"
    ),
    'client.py MockappClient.create_user: the name is the e-mail: email, "name": name} => '
    'email, "name": email}': (
        "that the display name of a new account becomes its user name; elsewhere that is the e-mail"
    ),
    "capabilities_write.py _assign_all: half of a condition is gone: "
    "_assign(client, association) or assigned => _assign(client, association)": (
        "it shows if an account exists that lacks an entitlement of the request, and has a later one"
    ),
    "integration.py MockappIntegration._problem: half of a condition is gone: "
    "is None or name == StandardCapabilityName.APP_INFO.value => is None": (
        "whether Lumos asks what a connector is with settings that are not complete"
    ),
    "capabilities_write.py _set_status: another error: ConflictError => "
    "__import__('connector.oai.errors', fromlist=['errors']).NotFoundError": (
        "it shows if a deleted account is activated: an example of a write for each raw status"
    ),
    "responses.py require_no_content: a check is gone: response.content => False": (
        "that a body where none is due is a sign of trouble: most right connectors do not look for one"
    ),
    "client.py MockappClient.has_association: another error: InvalidResponseError => "
    "__import__('connector.oai.errors', fromlist=['errors']).NotFoundError": _IGNORED,
    "client.py MockappClient.has_association: a check is gone: page.items not in ([], [association]) => "
    "False": _IGNORED,
    "client.py _path: a check is gone: segment in {'', '.', '..'} => False": (
        "that an id may be two dots, which leads to another path: a write with such an id may delete what"
        " lies above, so unknown_id does not try it"
    ),
    "enums.py (module): one more: 1 => 2": (
        "that MockApp allows one admin role: no recorded account can get as many as the connector says"
    ),
}
"""Mutants that change something, and that nothing names: what would have to be known to name them."""
