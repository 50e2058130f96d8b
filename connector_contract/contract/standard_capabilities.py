"""What each standard capability owes, by the SDK's own specification: one table.

The rules of the standard contract read it. What the specification marks, this table repeats, so that it can
be read without the SDK; ``tests/harness/test_standard_capabilities.py`` compares it with the installed one.
What it only describes stands here with the sentence that it comes from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a capability is for."""

    READS_LIST = "reads a list"
    READS_SOME = "reads some"
    WRITES = "writes"
    REPORTS = "reports"
    DESCRIBES = "describes"
    HANDS_OUT_TOKENS = "hands out tokens"


class Refused(Enum):
    """What a capability gives if the upstream refuses its credentials, fails, or cannot be reached."""

    ERROR = "an error"
    REPORT = "a report that says so, or an error"
    NOTHING = "what it always gives: it asks for nothing"


class CredentialsIn(Enum):
    """Where a call has the credentials that it is made with."""

    ENVELOPE = "auth or credentials"
    REQUEST = "the request"
    NOWHERE = "nowhere"


@dataclass(frozen=True)
class Addition:
    """A field that a key has beside the schema's ``x-unique-hash``.

    Attributes:
        field: Its name.
        quotation: What the schema says of it, or of the id that it completes.
    """

    field: str
    quotation: str


@dataclass(frozen=True)
class Key:
    """What identifies a record.

    Attributes:
        schema: The schema of the record.
        marked: Its ``x-unique-hash``; empty if it has none.
        additions: What its text adds.
        own_id: The field with the id that the upstream has for it, if the key starts with another.
        contradicts: What else the text says, if it demands more than the key does.
    """

    schema: str
    marked: tuple[str, ...] = ()
    additions: tuple[Addition, ...] = ()
    own_id: str | None = None
    contradicts: str | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that no two records have in common, the most specific first."""
        return (*self.marked, *(each.field for each in self.additions))


@dataclass(frozen=True)
class StandardCapability:
    """What one standard capability owes.

    Attributes:
        kind: What it is for.
        source: The sentence of the specification that says so.
        key: What identifies one of its records; ``None`` if it answers with none.
        within: The field of its response that has the records; empty if it is a list or a record itself.
        refused: What it gives if the upstream refuses or fails.
        refused_source: The sentence that says so; empty where the kind says it.
        only_reports: Whether it reports that the upstream fails in any case, and never gives an error for it.
        credentials: Where a call has its credentials.
        repeatable: Whether the same request may be made again.
        repeat_source: The sentence that says so; empty if it is repeatable.
        read_back: The capabilities that show what it has written, the first where it is done.
        may_be_constant: Whether it may answer without asking the upstream.
    """

    kind: Kind
    source: str
    key: Key | None = None
    within: str = ""
    refused: Refused = Refused.ERROR
    refused_source: str = ""
    only_reports: bool = False
    credentials: CredentialsIn = CredentialsIn.ENVELOPE
    repeatable: bool = True
    repeat_source: str = ""
    read_back: tuple[str, ...] = ()
    may_be_constant: bool = False


_ID_OF_ACCOUNT = Key("FoundAccountData", ("integration_specific_id",))
_ASSOCIATION = ("account_id", "integration_specific_entitlement_id", "integration_specific_resource_id")
_OF_RESOURCE_TYPE = Addition("resource_type", "May only be unique within the tenant and the resource type.")
_OF_ENTITLEMENT_TYPE = Addition(
    "entitlement_type", "May only be unique within the tenant and the entitlement type."
)
_UNIQUE_IN_TENANT = "Must be unique for the entire tenant, not just for the type"

KEYS: Mapping[str, Key] = {
    each.schema: each
    for each in (
        _ID_OF_ACCOUNT,
        Key("FoundResourceData", ("integration_specific_id",), (_OF_RESOURCE_TYPE,)),
        Key(
            "FoundEntitlementData",
            ("integration_specific_id", "integration_specific_resource_id"),
            (_OF_ENTITLEMENT_TYPE,),
        ),
        Key("FoundEntitlementAssociation", _ASSOCIATION),
        Key("Credential", ("resource_id",), own_id="external_id"),
        Key("NonHumanAccount", ("resource_id",), own_id="id"),
        # An activity has no mark: there is the last of each kind for an account.
        Key(
            "LastActivityData",
            additions=(
                Addition("account_id", "The ID of the account."),
                Addition("event_type", "The type of activity event."),
            ),
        ),
        Key(
            "NonHumanAccountLastActivity",
            additions=(
                Addition("non_human_account_id", "The id of the non-human account this activity belongs to."),
                Addition("event_type", "The type of activity event (last_login / last_activity)."),
            ),
        ),
        Key(
            "CredentialLastActivity",
            additions=(
                Addition("credential_id", "The id of the credential this activity belongs to."),
                Addition("event_type", "The type of activity event (last_login / last_activity)."),
            ),
        ),
        Key("ActivityRecord", ("id",)),
        Key(
            "Expense",
            additions=(Addition("id", "A unique, stable identifier for an expense in the source system."),),
        ),
        Key(
            "CustomAttributeSchema",
            additions=(
                Addition("name", "The name of the custom attribute."),
                Addition("customized_type", "The type of entity this custom attribute is for."),
            ),
        ),
        Key("AccessGraphResource", ("id", "resource_type"), contradicts=_UNIQUE_IN_TENANT),
        Key("AccessGraphEntitlement", ("id", "resource_id"), contradicts=_UNIQUE_IN_TENANT),
        Key("AccessGraphEntitlementAssignment", ("resource_id", "entitlement_id", "entitlement_resource_id")),
        Key("Application", ("id",)),
        Key("ApplicationAccount", ("account_id", "application_instance_id")),
        Key("ApplicationActivityRecord", ("id",)),
        Key(
            "ApplicationEntitlementData",
            ("integration_specific_id", "integration_specific_resource_id", "application_instance_id"),
            (_OF_ENTITLEMENT_TYPE,),
        ),
        Key(
            "ApplicationResourceData",
            ("integration_specific_id", "application_instance_id"),
            (_OF_RESOURCE_TYPE,),
        ),
        Key("ApplicationEntitlementAssociation", (*_ASSOCIATION, "application_instance_id")),
    )
}
"""The key of each schema of a record."""


def _list(schema: str, source: str, within: str = "") -> StandardCapability:
    return StandardCapability(Kind.READS_LIST, source, KEYS[schema], within)


def _some(source: str, schema: str | None = None) -> StandardCapability:
    return StandardCapability(Kind.READS_SOME, source, None if schema is None else KEYS[schema])


def _write(source: str, *read_back: str) -> StandardCapability:
    return StandardCapability(Kind.WRITES, source, read_back=read_back)


def _description(
    source: str,
    schema: str | None = None,
    refused: Refused = Refused.ERROR,
    credentials: CredentialsIn = CredentialsIn.ENVELOPE,
) -> StandardCapability:
    key = None if schema is None else KEYS[schema]
    return StandardCapability(
        Kind.DESCRIBES, source, key, refused=refused, credentials=credentials, may_be_constant=True
    )


def _tokens(source: str, once: str = "") -> StandardCapability:
    return StandardCapability(
        Kind.HANDS_OUT_TOKENS,
        source,
        credentials=CredentialsIn.REQUEST,
        repeatable=not once,
        repeat_source=once,
    )


ACCOUNTS, ASSOCIATIONS = "list_accounts", "find_entitlement_associations"
APPLICATION_ACCOUNTS = "list_applications_accounts"
APPLICATION_ASSOCIATIONS = "list_applications_entitlement_associations"

OAUTH = (
    "get_authorization_url",
    "handle_authorization_callback",
    "refresh_access_token",
    "handle_client_credentials_request",
)
"""The capabilities with which Lumos gets tokens; the rule **oauth** is all that is about them."""

STANDARD: Mapping[str, StandardCapability] = {
    # Learning about connectors.
    "info": _description(
        "Retrieve information about a specific connector.",
        refused=Refused.NOTHING,
        credentials=CredentialsIn.NOWHERE,
    ),
    "app_info": _description(
        "Returns basic information and the OAS specification of the particular app.", refused=Refused.NOTHING
    ),
    "connected_info": _description(
        "This operation retrieves the connected info of a connector given the credentials and settings."
    ),
    "list_custom_attributes_schema": _description(
        "Retrieve the schema definition for all custom attributes supported by this connector.",
        "CustomAttributeSchema",
    ),
    "get_data_recency": _description(
        "Retrieve the recency information for data surfaced by standard capabilities."
    ),
    # Reports.
    "validate_credentials": _some("Validate the customer's credentials and retrieve tenant information."),
    "validate_credential_config": StandardCapability(
        Kind.REPORTS,
        "verifies that the (single) credentials provided by the customer are valid and active.",
        refused=Refused.REPORT,
        refused_source="Can return a optional list of errors that occurred during validation",
        credentials=CredentialsIn.REQUEST,
        may_be_constant=True,
    ),
    "probe_integration": StandardCapability(
        Kind.REPORTS,
        "report, per check, whether the data for a first sync is actually reachable.",
        refused=Refused.REPORT,
        refused_source="**Failures are reported, not raised.**",
        only_reports=True,
    ),
    "fulfill_arbitrary_endpoint": StandardCapability(
        Kind.REPORTS,
        "Execute a single authenticated read against the connected app instance and return the vendor's "
        "answer unaltered.",
        refused=Refused.REPORT,
        refused_source="A vendor response of any status is a successful execution of this capability",
    ),
    # Accounts, resources, entitlements.
    "list_accounts": _list(
        "FoundAccountData", "Retrieve a list of accounts associated with the specified credentials."
    ),
    "list_updated_accounts": _list(
        "FoundAccountData",
        "Retrieve accounts that have been updated since a specified point in time.",
        "accounts",
    ),
    "get_account": _some("Retrieve detailed information about a single user account.", "FoundAccountData"),
    "list_resources": _list("FoundResourceData", "List all resources available in the connected system."),
    "list_entitlements": _list(
        "FoundEntitlementData", "List all entitlements available in the connected system."
    ),
    "find_entitlement_associations": _list(
        "FoundEntitlementAssociation",
        "Find associations between entitlements and resources in an integration system.",
    ),
    "get_account_entitlement_associations": _some(
        "Find associations between entitlements and resources for a single account.",
        "FoundEntitlementAssociation",
    ),
    # Credentials, non-human accounts, graphs.
    "list_credentials": _list("Credential", "List all credentials available in the connected system."),
    "list_non_human_accounts": _list(
        "NonHumanAccount", "List all non-human accounts available in the connected system."
    ),
    "find_resource_graph": _list(
        "AccessGraphResource",
        "List all resources available in the connected system with their relationships.",
        "resources",
    ),
    "find_entitlement_graph": _list(
        "AccessGraphEntitlement",
        "List all entitlements available in the connected system and the implied access relationships",
        "nodes",
    ),
    "find_entitlement_assignments": _list(
        "AccessGraphEntitlementAssignment",
        "Find assignments between resources and entitlements in a target system.",
    ),
    # Activity, expenses.
    "get_last_activity": _some(
        "Retrieve the last activity information for specified user accounts.", "LastActivityData"
    ),
    "get_non_human_account_last_activity": _list(
        "NonHumanAccountLastActivity", "Retrieve last-activity data for non-human accounts."
    ),
    "get_credential_last_activity": _list(
        "CredentialLastActivity", "Retrieve last-activity data for credentials."
    ),
    "list_activity_records": _list(
        "ActivityRecord", "List activity records for a given connector within a time window."
    ),
    "list_expenses": _list("Expense", "Retrieve a list of reimbursements and/or card transactions"),
    # Applications.
    "list_applications": _list(
        "Application", "Retrieve a list of applications associated with the given credentials"
    ),
    "get_application": _some("Retrieve a single application by its ID", "Application"),
    "list_applications_accounts": _list(
        "ApplicationAccount", "Retrieve a list of account ids associated to assigned application ids"
    ),
    "get_application_account": _some(
        "Retrieves a single assignment for an account to an application.", "ApplicationAccount"
    ),
    "list_applications_resources": _list(
        "ApplicationResourceData",
        "List all resources available in the applications of the connected system.",
    ),
    "list_applications_entitlements": _list(
        "ApplicationEntitlementData",
        "List all entitlements available in the applications of the connected system.",
    ),
    "list_applications_entitlement_associations": _list(
        "ApplicationEntitlementAssociation",
        "Find associations between entitlements and resources in applications of an integration system.",
    ),
    "list_applications_activity_records": _list(
        "ApplicationActivityRecord", "List activity records for applications within a time window."
    ),
    # Writes.
    "create_account": _write("Create a new user account in the third-party system.", ACCOUNTS, ASSOCIATIONS),
    "update_account": _write(
        "Update an existing user account in the third-party system.", ACCOUNTS, ASSOCIATIONS
    ),
    "activate_account": _write("Activate (or reactivate) an existing user account.", ACCOUNTS, ASSOCIATIONS),
    "deactivate_account": _write(
        "Deactivate an existing user account in the integration system.", ACCOUNTS, ASSOCIATIONS
    ),
    "delete_account": _write(
        "Delete an existing user account in an integration system.", ACCOUNTS, ASSOCIATIONS
    ),
    "assign_entitlement": _write("Assign an entitlement to an account.", ASSOCIATIONS, ACCOUNTS),
    "unassign_entitlement": _write("Unassign an Entitlement from a user account.", ASSOCIATIONS, ACCOUNTS),
    "downgrade_license": _write(
        'this capability should "reset" a user account to exist without a license', ASSOCIATIONS, ACCOUNTS
    ),
    "release_resources": _write(
        "Removes all resources associated with a user account.", ASSOCIATIONS, ACCOUNTS
    ),
    # What is transferred is not in Lumos' model; that nothing else changes can be seen.
    "transfer_data": _write("Transfer data from one account to another.", ACCOUNTS, ASSOCIATIONS),
    "assign_application": _write(
        "Assigns an application in the third-party system.", APPLICATION_ACCOUNTS, APPLICATION_ASSOCIATIONS
    ),
    "unassign_application": _write(
        "Unassigns an account from an application in an integration system.",
        APPLICATION_ACCOUNTS,
        APPLICATION_ASSOCIATIONS,
    ),
    "assign_application_entitlement": _write(
        "Assign an entitlement to an account within a managed application.",
        APPLICATION_ASSOCIATIONS,
        APPLICATION_ACCOUNTS,
    ),
    "unassign_application_entitlement": _write(
        "Unassign an Entitlement from a user account.", APPLICATION_ASSOCIATIONS, APPLICATION_ACCOUNTS
    ),
    # OAuth.
    "get_authorization_url": _description(
        "Constructs and returns the OAuth 2.0 authorization URL for the specified connector.",
        refused=Refused.NOTHING,
        credentials=CredentialsIn.NOWHERE,
    ),
    "handle_authorization_callback": _tokens(
        "processes the OAuth callback to exchange the authorization code for access and refresh tokens.",
        "The redirect URI containing the authorization code returned by the OAuth provider.",
    ),
    "refresh_access_token": _tokens(
        "Get a new access token (and possibly new refresh token) using the previous refresh token.",
        "Lumos systems attempt to only make one of these calls at a time per app tenant.",
    ),
    "handle_client_credentials_request": _tokens(
        "This operation processes a client credentials request to obtain an access token, and optionally, a "
        "refresh token.",
    ),
}
"""What each standard capability owes, by its name."""
