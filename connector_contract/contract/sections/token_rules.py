"""Rules about how a connector gets its tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector_contract.contract.rule import (
    hands_out_tokens,
    lacks,
    no_token_request,
    rule,
)
from connector_contract.contract.rules.secret_in_url import asked_by, secret_in_url_breach
from connector_contract.contract.standard_capabilities import OAUTH

if TYPE_CHECKING:
    from connector_contract.contract.rule_context import RuleContext


class TokenRules:
    """The rules about how a connector gets its tokens."""

    @rule("oauth", skip_reason=lacks("get_authorization_url"))
    async def test_authorization_url(self, rule_context: RuleContext) -> None:
        """The authorization URL is one with which a customer can log in to the application.

        It is https, and has ``response_type=code``, the client's id, the exact redirect URI, the state and
        the scopes, each once, and no secret, in whatever spelling. With PKCE it has the challenge that
        belongs to the verifier, by S256, and both are others each time. Where ``authorization_url`` of
        ``OAuthSettings`` has a query of its own, the SDK appends a second one, and the URL is of no use.

        Source: the operation ``get_authorization_url`` of the SDK's specification: "This URL can be used to
        direct users to the authorization page where they can grant access to their account"; its schemas
        ``GetAuthorizationUrl`` ("Must match the connector settings") and ``AuthorizationUrl``; RFC 6749,
        RFC 7636.
        """
        rule_context.judge(await rule_context.tokens.authorization_urls())

    @rule("oauth", hands_out_tokens, skip_reason=no_token_request)
    async def test_tokens(self, rule_context: RuleContext, capability: str) -> None:
        """A good code, or a client's id and secret, gives a token that each call accepts that reads.

        If there is a refresh token, that gives another access token, which is accepted as well; a new refresh
        token is handed on. A ``state`` in the response is the one that was sent. A redirect without a code,
        a token server that cannot be reached and one that fails give an error; ``invalid_grant`` one on which
        Lumos asks the customer to authorize again. No secret of the client's, and no token, travels in a URL.

        Source: the operations ``handle_authorization_callback`` ("exchange the authorization code for access
        and refresh tokens"), ``refresh_access_token`` ("Get a new access token (and possibly new refresh
        token) using the previous refresh token") and ``handle_client_credentials_request`` of the SDK's
        specification, and its schemas ``OauthCredentials`` and ``ConnectorErrorMetadata``; RFC 6749, section
        2.3.1, which forbids a client's secret in a URI.
        """
        breaches = await rule_context.tokens.tokens(capability)
        requests = asked_by(rule_context.stored, OAUTH)
        kinds = rule_context.credentials.names
        rule_context.judge([*breaches, *secret_in_url_breach(capability, requests, kinds)])
        rule_context.judge(await rule_context.tokens.failing())
