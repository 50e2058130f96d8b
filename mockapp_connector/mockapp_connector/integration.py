"""What Lumos calls: MockApp's capabilities, types, settings and credentials in one place."""

from enum import Enum

from connector.generated import (
    AppCategory,
    Error,
    ErrorResponse,
    StandardCapabilityName,
    TokenCredential,
)
from connector.oai.capability import get_capability_annotations
from connector.oai.integration import DescriptionData, Integration
from connector_sdk_types.errors import ConnectorErrorCode
from pydantic import ValidationError

from mockapp_connector import capabilities_read, capabilities_write
from mockapp_connector.__about__ import __version__
from mockapp_connector.constants import APP_ID
from mockapp_connector.enums import entitlement_types, resource_types
from mockapp_connector.settings import MockappSettings
from mockapp_connector.validation import describe


class MockappIntegration(Integration):
    """An integration that says what is wrong with a request, and does not quote the request.

    The SDK's own answer to a request that it cannot read holds the whole of it, the token included;
    to settings that it cannot accept, nothing about them.
    """

    async def dispatch(self, name: str | Enum, request_string: str) -> str:
        """Call a capability.

        Args:
            name: The capability's name.
            request_string: The request, as JSON.

        Returns:
            The capability's response or an ``ErrorResponse``, as JSON.
        """
        problem = self._problem(name.value if isinstance(name, Enum) else name, request_string)
        if problem is None:
            return await super().dispatch(name, request_string)
        error = Error(message=problem, error_code=ConnectorErrorCode.BAD_REQUEST, app_id=APP_ID)
        return ErrorResponse(is_error=True, error=error).model_dump_json()

    def _problem(self, name: str, request_string: str) -> str | None:
        if name not in self.capabilities:
            return None
        request_type, _ = get_capability_annotations(self.capabilities[name])
        try:
            request = request_type.model_validate_json(request_string)
        except ValidationError as error:
            return f"Invalid request: {describe(error)}"
        # The SDK asks for no settings to tell what the connector is.
        if request.settings is None or name == StandardCapabilityName.APP_INFO.value:
            return None
        try:
            MockappSettings.model_validate(request.settings)
        except ValidationError as error:
            return f"Invalid settings: {describe(error)}"
        return None


integration = MockappIntegration(
    app_id=APP_ID,
    version=__version__,
    auth=TokenCredential,
    # The client raises the SDK's own errors, and the SDK knows what httpx raises.
    exception_handlers=[],
    description_data=DescriptionData(
        user_friendly_name="MockApp",
        description="Users, projects, teams and admin roles of a MockApp account.",
        categories=[AppCategory.DEVELOPERS],
        logo_url="https://mockapp.example.com/logo.svg",
        app_vendor_domain="mockapp.example.com",
    ),
    settings_model=MockappSettings,
    resource_types=resource_types,
    entitlement_types=entitlement_types,
)

integration.register_capabilities(
    {
        # Read capabilities
        StandardCapabilityName.VALIDATE_CREDENTIALS: capabilities_read.validate_credentials,
        StandardCapabilityName.LIST_ACCOUNTS: capabilities_read.list_accounts,
        StandardCapabilityName.LIST_RESOURCES: capabilities_read.list_resources,
        StandardCapabilityName.LIST_ENTITLEMENTS: capabilities_read.list_entitlements,
        StandardCapabilityName.FIND_ENTITLEMENT_ASSOCIATIONS: capabilities_read.find_entitlement_associations,
        StandardCapabilityName.GET_LAST_ACTIVITY: capabilities_read.get_last_activity,
        # Write capabilities
        StandardCapabilityName.CREATE_ACCOUNT: capabilities_write.create_account,
        StandardCapabilityName.ACTIVATE_ACCOUNT: capabilities_write.activate_account,
        StandardCapabilityName.DEACTIVATE_ACCOUNT: capabilities_write.deactivate_account,
        StandardCapabilityName.DELETE_ACCOUNT: capabilities_write.delete_account,
        StandardCapabilityName.ASSIGN_ENTITLEMENT: capabilities_write.assign_entitlement,
        StandardCapabilityName.UNASSIGN_ENTITLEMENT: capabilities_write.unassign_entitlement,
    }
)
