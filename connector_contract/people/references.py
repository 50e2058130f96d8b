"""Fields that refer to somebody, as the words of their names say: ``approvedBy``, ``team_lead``."""

from __future__ import annotations

import re
from functools import lru_cache

from connector_contract.people.common_words import NO_NAMES
from connector_contract.people.listed import listed
from connector_contract.people.words import WORD, folded

NOT, WHOLE, CAPITAL, LONE = 0, 1, 2, 3
"""What such a field may have: nobody; a whole name; also one word with a capital; also a login."""

_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_WHO = {
    LONE: listed(
        "assignee assignees reporter reporters maintainer maintainers uploader submitter requester"
        " requesters"
        " requestor approver approvers reviewer reviewers author authors creator creators supervisor"
        " supervisors manager managers watcher watchers follower followers collaborator collaborators"
        " contributor contributors participant participants attendee attendees organizer committer mentor"
        " coach buddy deputy spouse caller member members executive invitee invitees escalatee"
    ),
    CAPITAL: listed("owner owners lead leads"),
    WHOLE: listed(
        "contact contacts dependent dependents beneficiary beneficiaries sponsor sponsors delegate"
        " delegates"
        " recipient recipients sender employee employees worker workers person persons people colleague"
        " subscriber subscribers moderator moderators instructor teacher trainer recruiter interviewer"
        " custodian assistant secretary representative rep counterpart guardian signatory signer holder"
        " principal director officer kin sourcer referrer referee hrbp"
    ),
}
_DONE = listed(
    "created updated modified opened closed resolved approved submitted requested reviewed uploaded"
    " assigned"
    " added removed deleted invited granted revoked edited published posted written owned"
    " completed changed archived reported authored committed merged registered enrolled"
    " entered acknowledged rejected cancelled canceled disabled suspended onboarded hired referred"
    " deactivated booked answered sponsored prepared authorized"
    " escalated"
)
_ROLES = _DONE.union(*_WHO.values())
_BESIDE_ROLES = listed("emergency hiring line direct dotted functional backup people hr it to by for of")
# "sort_by" and the like name a field; "managed_by" and the like often have a tool or a company.
_NO_PERSON = listed(
    "sort sorted group grouped order ordered filter filtered split partition partitioned powered hosted"
    " keyed"
    " indexed search distinct rank ranked limit limited divide multiply increment"
)
_TOOLS = listed(
    "password package window boot state device file task process dependency download repository repo"
)
_RUN_TOGETHER = re.compile(rf"(?:{'|'.join(sorted(_DONE, key=len, reverse=True))})by\Z")
_LOGIN = re.compile(r"[a-z]+(?:[._][a-z]+){0,2}\d{0,3}")
_SHORTEST_LOGIN, _SHORTEST_NAME = 4, 3
# Who is nobody, or no person.
_NOBODY = listed(
    "anonymous anyone automated automatic automation background batch cron everybody everyone external"
    " import importer integration internal job migration none nobody provisioning scheduler schedule"
    " script sync"
    " synced unassigned unowned unspecified webhook workflow terraform ansible jenkins github gitlab"
    " bitbucket kubernetes helm argocd okta azure google aws microsoft slack jira scim ldap saml"
    " dependabot renovate"
    " vault docker chef puppet pulumi cloudformation crossplane salesforce workday servicenow zendesk jamf"
    " intune lumos payments infra identity ops engineers developers operations contractors employees"
    " managers"
    " see owners editors viewers readers writers auditors reviewers approvers customer vendor tenant company"
    " organization individual human person optional required allowed denied approved rejected hot cold warm"
    " converted qualified primary secondary direct indirect manual yes not applicable"
)


@lru_cache(8_192)
def referring(name: str) -> int:
    """Whether a field refers to somebody, by its name, and what its value may be: one of the above."""
    parts = [each.lower() for each in _PART.findall(name)]
    if parts[-1:] == ["id"]:
        # Of ServiceNow's ``caller_id``, the value that is shown is a name.
        return min(_of_parts(parts[:-1]), WHOLE)
    # "approver_chain" has whom "approver" has.
    return _of_parts(parts[:-1] if parts[-1:] in (["list"], ["chain"]) else parts)


def _of_parts(parts: list[str]) -> int:
    last, before = (parts or [""])[-1], parts[-2] if len(parts) > 1 else ""
    if last == "by":
        return NOT if before in _NO_PERSON else LONE if before in _DONE else WHOLE
    if last == "to" and before == "assigned":
        return LONE
    if last == "for" and before in ("requested", "opened"):
        return WHOLE
    if _RUN_TOGETHER.search(last):
        return LONE
    return NOT if before in _TOOLS else next((how for how, words in _WHO.items() if last in words), NOT)


@lru_cache(8_192)
def is_nobody(text: str) -> bool:
    """Whether each word of a text is of something else: "Automation Rule", "See wiki"."""
    return all(word in NO_NAMES or word in _NOBODY for word in map(folded, WORD.findall(text)))


@lru_cache(8_192)
def is_role(text: str) -> bool:
    """Whether a text only says what somebody is to somebody: "Account Manager", "Assigned To"."""
    words = [word for word in map(folded, WORD.findall(text)) if word not in _BESIDE_ROLES]
    return referring(text) > 0 and all(word in NO_NAMES or word in _ROLES for word in words)


@lru_cache(8_192)
def kind_of_reference(how: int, value: str) -> str:
    """What a single word is in a field that refers to somebody: a ``name``, a ``login``, or nobody's.

    Args:
        how: What the field may have.
        value: Its value.
    """
    if not NO_NAMES.isdisjoint(words := list(map(folded, WORD.findall(value)))) or not _NOBODY.isdisjoint(
        words
    ):
        return ""
    if how >= CAPITAL and len(value) >= _SHORTEST_NAME and value.isalpha() and value.istitle():
        return "name"
    letters = sum(map(len, words))
    return "login" if how == LONE and letters >= _SHORTEST_LOGIN and _LOGIN.fullmatch(value) else ""
