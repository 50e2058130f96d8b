"""The standard contract: what every Lumos connector owes, as a class for the author to subclass.

Each rule is a test, in ``connector_contract.contract.sections``: it asks the connector, as a scenario of its
own with a cassette, and leaves the verdict to the pure functions in ``connector_contract.contract.rules``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from connector_contract.config import Json
from connector_contract.contract.contract_config import Paths
from connector_contract.contract.rule import rule
from connector_contract.contract.sample import Sample
from connector_contract.contract.sections.access_rules import AccessRules
from connector_contract.contract.sections.account_rules import AccountRules
from connector_contract.contract.sections.answer_rules import AnswerRules
from connector_contract.contract.sections.attribute_rules import AttributeRules
from connector_contract.contract.sections.credential_rules import CredentialRules
from connector_contract.contract.sections.described_rules import DescribedRules
from connector_contract.contract.sections.increment_rules import IncrementRules
from connector_contract.contract.sections.list_rules import ListRules
from connector_contract.contract.sections.token_rules import TokenRules
from connector_contract.contract.sections.write_rules import WriteRules

if TYPE_CHECKING:
    from connector_contract.contract.declarations_file import Declarations


# pytest runs the rules of the last class first.
class ConnectorContract(
    AnswerRules,
    WriteRules,
    IncrementRules,
    AttributeRules,
    AccessRules,
    AccountRules,
    ListRules,
    TokenRules,
    CredentialRules,
    DescribedRules,
):
    """What every Lumos connector owes. Subclass it, and name what only the author of a connector knows.

    Attributes:
        page_sizes: The page sizes in which each list is walked.
        max_pages: The number of pages after which a walk is given up.
        upstream_ids: For each list, the JMESPath of the ids in the recorded bodies, such as
            ``{"list_accounts": "items[].id"}``. Some records need several ids: an entitlement its own and its
            resource's; an association the account's, the entitlement's and the resource's. Find lists of
            them, in this order: ``"items[].[user_id, role_id]"``; the last ones may be left out. Where a
            capability asks for different things, give an expression for each glob of URL paths:
            ``{"/api/users*": "items[].id"}``. For what is in the request and not in the body, there are
            ``path_after('groups')``, the segment after ``groups`` in the URL's path, and ``query('group')``,
            a parameter of its query or of the request's body. A list within an id gives an id for each of
            its items: ``"users[].[id, roles]"``. XML and CSV are read as JSON would be:
            ``'groups.group[]."@id"'``, ``"[].user"``.
        excluded_ids: For each list, the JMESPath of ids that the connector leaves out on purpose, each with
            the reason.
        empty_attributes: For each capability that lists what has custom attributes, the declared ones that
            nothing in the tenant has, each with the reason: ``{"list_accounts": {"cost_center": "..."}}``.
        upstream_status: For lists of accounts, the JMESPath of each id with its raw status, or the parts of
            it, such as ``"items[].[id, status]"``. Lists of applications, of their accounts
            (``"items[].[[user, app], status]"``), of credentials and of non-human accounts may have one, too.
        listed_statuses: The raw statuses, as ``upstream_status`` finds them, of the accounts that are listed;
            the connector leaves out all others: ``["active", "suspended"]``. A sequence is about
            ``list_accounts``; a dict has one for each list of accounts. A status of several parts is a list
            of them. It needs no reason: the SDK's specification says that only active and suspended accounts
            are listed.
        upstream_kind: For lists of accounts, the JMESPath of each id with what tells people from machines, or
            the parts of it, such as ``"items[].[id, kind]"``.
        read_requests: For each capability that reads and needs one, an example of its request.
        write_requests: For each capability that writes, an example of its request. It has to change
            something, in the state that the upstream has when a scenario begins. Several examples, such as an
            account of each raw status, are a list: ``{"activate_account": [{...}, {...}]}``; each begins in
            that state.
        restore: For a capability that writes, the calls that undo its example, or the first of several, on a
            server that keeps its state, in their order:
            ``{"update_account": {"update_account": {"account_id": "...", ...}}}``. They are made after the
            recording, and not recorded. Without it, an assignment and an activation are put back by their
            opposites, what was created is deleted, and all else is listed.
        oauth_requests: For the capabilities with which Lumos gets tokens, the requests to ask with:
            ``{"handle_authorization_callback": {"client_id": "...", "client_secret": "...",
            "redirect_uri_with_code": log_in}}``. ``log_in`` takes the authorization URL and returns the URL
            that the browser is sent to; it is called while recording alone. Or give that URL itself, whose
            code works once. Read secrets from the environment; a replay needs none.
        bad_auth: An ``auth`` that the upstream refuses; if ``None``, the good one with other secrets.
        bad_credentials: The same for ``credentials``.
        unknown_id: An id that no account has, in a form that the upstream can read.
        sample: How much of each long list the rules look at; ``None`` for all of it. What lies outside is
            unknown to them, and the end of a run says how much they could not check.
        not_http: The capabilities that ask in another way than over HTTP, such as LDAP or JDBC, each with the
            reason: ``{"list_accounts": "read over LDAP"}``. They cannot be recorded, so no rule is about
            them.
        waivers: The rules that need not hold, each with the reason, named as pytest shows them, without
            ``test_``: ``{"complete[list_accounts]": "..."}``. A waiver that is not needed any more fails.
        tolerated_faults: The faults of ``pytest --contract-faults`` that the connector survives in a way of
            its own, each with the reason, named as the sweep shows them: by fault, capability and endpoint,
            as in ``{"status-404[delete_account-DELETE /users/*]": "..."}``. One that is not needed any more
            fails.
        declared_choices: What the connector does where right ones differ, each with the choice and the
            reason: ``{"<rule>[<capability>]": {"choice": "...", "reason": "..."}}``. The rule names the
            choices. One that is not needed any more fails.
    """

    page_sizes: ClassVar[Sequence[int]] = (1, 3, 100)
    max_pages: ClassVar[int] = 1000
    upstream_ids: ClassVar[Mapping[str, Paths]] = {}
    excluded_ids: ClassVar[Mapping[str, Mapping[str, str]]] = {}
    empty_attributes: ClassVar[Mapping[str, Mapping[str, str]]] = {}
    upstream_status: ClassVar[Mapping[str, Paths]] = {}
    listed_statuses: ClassVar[Mapping[str, Collection[Any]] | Collection[Any]] = {}
    upstream_kind: ClassVar[Mapping[str, Paths]] = {}
    read_requests: ClassVar[Mapping[str, Json]] = {}
    write_requests: ClassVar[Mapping[str, Json | Sequence[Json]]] = {}
    restore: ClassVar[Mapping[str, Mapping[str, Json]]] = {}
    oauth_requests: ClassVar[Mapping[str, Json]] = {}
    bad_auth: ClassVar[Json | None] = None
    bad_credentials: ClassVar[Sequence[Json] | None] = None
    unknown_id: ClassVar[str] = "no-such-id"
    sample: ClassVar[Sample | None] = None
    not_http: ClassVar[Mapping[str, str]] = {}
    waivers: ClassVar[Mapping[str, str]] = {}
    tolerated_faults: ClassVar[Mapping[str, str]] = {}
    declared_choices: ClassVar[Mapping[str, Mapping[str, str]]] = {}

    @rule("declarations", waivable=False)
    def test_declarations(self, contract_declarations: Declarations) -> None:
        """What the class declares to demand less is a snapshot, so that a reviewer sees it change.

        That is ``waivers``, ``tolerated_faults``, ``declared_choices``, ``excluded_ids``,
        ``empty_attributes`` and ``not_http``, with their reasons, ``listed_statuses`` and ``sample``. Where
        nothing is declared, there is no file.

        Source: a waived check proves nothing, and whoever trusts a green run has to see what was waived.
        """
        contract_declarations.check()
