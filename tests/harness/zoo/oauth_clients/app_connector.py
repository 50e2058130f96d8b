"""OAuth client credentials of one of an integration's credentials, by the function of the SDK."""

from connector import generated as sdk
from connector.client import BaseIntegrationClient, get_settings
from connector.oai.modules.oauth_module_types import (
    OAuthCapabilities,
    OAuthFlowType,
    OAuthRequest,
    OAuthSettings,
    RequestDataType,
    RequestMethod,
)
from connector_sdk_types.oai.modules.credentials_module_types import AuthModel, OAuthConfig
from strict import Dto, Id, Settings, StrictIntegration, bearer, parse

URL = "https://print.example.com"


class Site(Dto):
    id: Id


class Client(BaseIntegrationClient):
    @classmethod
    def prepare_client_args(cls, args):
        [credential] = [each for each in args.credentials if each.id == "machine"]
        token = credential.oauth_client_credentials.access_token
        return {"base_url": get_settings(args, Settings).url, "auth": bearer(token)}

    async def get(self, kind, path):
        return parse(await self._http_client.get(path), kind)


async def validate_credentials(args: sdk.ValidateCredentialsRequest) -> sdk.ValidateCredentialsResponse:
    async with Client(args) as client:
        site = await client.get(Site, "/site")
    return sdk.ValidateCredentialsResponse(
        response=sdk.ValidatedCredentials(valid=True, unique_tenant_id=site.id)
    )


integration = StrictIntegration(
    "oauth-clients",
    credentials=[
        OAuthConfig(
            id="machine",
            type=AuthModel.OAUTH_CLIENT_CREDENTIALS,
            description="The client of this site",
            oauth_settings=OAuthSettings(
                flow_type=OAuthFlowType.CLIENT_CREDENTIALS,
                token_url=f"{URL}/token",
                scopes={"validate_credentials": "site:read printers:read"},
                request_type=OAuthRequest(method=RequestMethod.POST, data=RequestDataType.JSON),
                capabilities=OAuthCapabilities(refresh_access_token=False),
            ),
        )
    ],
)
integration.register_capabilities({sdk.StandardCapabilityName.VALIDATE_CREDENTIALS: validate_credentials})
