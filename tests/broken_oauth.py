"""What can be wrong with how a connector gets tokens: those in harness/zoo, broken in one way each."""

from __future__ import annotations

from broken_connectors import Broken

CALLBACK = "tokens[handle_authorization_callback]"
CLIENTS = "tokens[handle_client_credentials_request]"
AUTHORIZE = 'authorization_url=f"{URL}/oauth/authorize",'
REGISTERS = "integration.register_capabilities(\n"


def wrapped(name: str, request: str, change: str) -> str:
    """A function of the author's own, which calls the SDK's and changes its response."""
    model = request.removesuffix("Request")
    return (
        f"sdk_{name} = integration.capabilities[{name!r}]\n\n\n"
        f"async def own_{name}(args: sdk.{request}) -> sdk.{model}Response:\n"
        f"    response = await sdk_{name}(args)\n"
        f"    {change}\n"
        "    return response\n\n\n"
        f"integration.capabilities[{name!r}] = own_{name}\n" + REGISTERS
    )


def url_with(change: str) -> str:
    """An authorization URL with a change to it."""
    return wrapped("get_authorization_url", "GetAuthorizationUrlRequest", f"response.response.{change}")


def callback_with(change: str) -> str:
    """The response to a callback with a change to it."""
    name = "handle_authorization_callback"
    return wrapped(name, "HandleAuthorizationCallbackRequest", change)


BROKEN_OAUTH = {
    "a parameter comes twice": Broken(
        "authorization_url",
        REGISTERS,
        url_with('authorization_url += "&prompt=login&prompt=login"'),
        "oauth: get_authorization_url: the URL has a parameter more than once: prompt",
        alone=True,
        kind="oauth",
    ),
    "the author's URL has a query of its own": Broken(
        "authorization_url",
        AUTHORIZE,
        AUTHORIZE.replace('authorize"', 'authorize?audience=desk"'),
        'the URL has a second "?", so the application does not see the client_id',
        kind="oauth",
    ),
    "the URL has the client's secret in it, as something else": Broken(
        "authorization_url",
        REGISTERS,
        url_with('authorization_url += "&login_hint=lumos:sesame-of-the-client"'),
        "oauth: get_authorization_url: the URL has a secret in it: client_secret",
        kind="oauth",
    ),
    "the URL is of another client": Broken(
        "authorization_url",
        REGISTERS,
        url_with('authorization_url = response.response.authorization_url.replace("client_id=", "client=")'),
        "the URL has no client_id, and should have 'contract-client'",
        kind="oauth",
    ),
    "the URL is not encrypted": Broken(
        "authorization_url",
        AUTHORIZE,
        AUTHORIZE.replace("{URL}", "http://desk.example.com"),
        "oauth: get_authorization_url: the URL is http, not https",
        kind="oauth",
    ),
    "the verifier is kept from Lumos": Broken(
        "authorization_url",
        REGISTERS,
        url_with("code_verifier = None"),
        "the URL has a code_challenge, and the response has no code_verifier",
        kind="oauth",
    ),
    "the challenge belongs to another verifier": Broken(
        "authorization_url",
        REGISTERS,
        url_with('code_verifier += "x"'),
        "the code_challenge does not belong to the code_verifier (S256)",
        kind="oauth",
    ),
    "a scope is not asked for": Broken(
        "authorization_url",
        REGISTERS,
        url_with('authorization_url = response.response.authorization_url.replace("desk%3Aread", "")'),
        "the URL does not ask for the scope desk:read",
        kind="oauth",
    ),
    "the client authenticates in another way than the server wants": Broken(
        CALLBACK,
        "CLIENT_SECRET_BASIC",
        "CLIENT_SECRET_POST",
        "see client_auth of OAuthSettings: the client's id and secret are sent as fields of a form",
        alone=True,
        kind="oauth",
    ),
    "there is no token server": Broken(
        CALLBACK,
        '/oauth/token"',
        '/oauth/tokens"',
        "see token_url of OAuthSettings: no token server answers there",
        kind="oauth",
    ),
    "the server reads no JSON": Broken(
        CALLBACK,
        "RequestDataType.FORMDATA",
        "RequestDataType.JSON",
        "see request_type of OAuthSettings: it is a POST with a JSON body",
        kind="oauth",
    ),
    "the server wants a challenge": Broken(
        CALLBACK,
        "pkce=True",
        "pkce=False",
        "see pkce of OAuthSettings, and the redirect URI",
        kind="oauth",
    ),
    "a scope is not configured": Broken(
        CALLBACK,
        '"validate_credentials": "desk:read", ',
        "",
        "the access token is of no use: with it, validate_credentials gave permission_denied",
        kind="oauth",
    ),
    "a scope of another capability is not configured": Broken(
        CALLBACK,
        '"list_accounts": "agents:read offline"',
        '"list_accounts": "offline"',
        "the access token is of no use: with it, list_accounts gave permission_denied",
        kind="oauth",
    ),
    "a refresh token is not handed on": Broken(
        CALLBACK,
        REGISTERS,
        callback_with("response.response.refresh_token = None"),
        "handle_authorization_callback: the server has given a refresh token, and the response has none",
        kind="oauth",
    ),
    "a rotated refresh token is not handed on": Broken(
        CALLBACK,
        REGISTERS,
        wrapped(
            "refresh_access_token",
            "RefreshAccessTokenRequest",
            "response.response.refresh_token = args.request.refresh_token",
        ),
        "refresh_access_token: the server has given a new refresh token, and the response has the old one",
        kind="oauth",
    ),
    "the state is another": Broken(
        CALLBACK,
        REGISTERS,
        callback_with('response.response.state = "another"'),
        "the state is 'another', and 'state+of/a=login&1' was sent",
        kind="oauth",
    ),
    "a token that is made up": Broken(
        CALLBACK,
        REGISTERS,
        callback_with('response.response.access_token = "made-up-by-the-connector"'),
        "the access token is of no use: with it, validate_credentials gave unauthorized",
        kind="oauth",
    ),
    "a server that fails is swallowed": Broken(
        CALLBACK,
        REGISTERS,
        callback_with("")
        .replace(
            "    response = await sdk_handle_authorization_callback(args)\n    \n",
            "    try:\n"
            "        response = await sdk_handle_authorization_callback(args)\n"
            "    except UpstreamError:\n"
            "        token = sdk.OauthCredentials(access_token='-', token_type='bearer')\n"
            "        response = sdk.HandleAuthorizationCallbackResponse(response=token)\n",
        )
        .replace("sdk_handle", "from connector.oai.errors import UpstreamError\n\nsdk_handle", 1),
        "a token server that answers 500 gave a success",
        kind="oauth",
    ),
    "a refusal asks nobody to log in again": Broken(
        CALLBACK,
        REGISTERS,
        callback_with("")
        .replace(
            "    response = await sdk_handle_authorization_callback(args)\n    \n",
            "    try:\n"
            "        response = await sdk_handle_authorization_callback(args)\n"
            "    except AuthenticationExpiredError as error:\n"
            "        raise InvalidValueError(message='No.') from error\n",
        )
        .replace(
            "sdk_handle",
            "from connector.oai.errors import AuthenticationExpiredError, InvalidValueError\n\nsdk_handle",
            1,
        ),
        "a token server that answers 400 invalid_grant gave invalid_value, not unauthorized",
        kind="oauth",
    ),
    "the client asks for too little": Broken(
        CLIENTS,
        "site:read printers:read",
        "site:read",
        "see scopes of OAuthSettings",
        kind="oauth_clients",
    ),
    "the client asks with a form": Broken(
        CLIENTS,
        "RequestDataType.JSON",
        "RequestDataType.FORMDATA",
        "see request_type of OAuthSettings: it is a POST with a form",
        kind="oauth_clients",
    ),
}
