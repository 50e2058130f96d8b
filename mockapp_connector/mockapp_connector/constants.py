"""What is fixed about MockApp: its id with Lumos and the paths of its API."""

from connector.client import EndpointsBase

APP_ID = "mockapp"


class MockappEndpoint(EndpointsBase):
    """The paths of MockApp's API, below the ``api_url`` of the settings."""

    ACCOUNT = "/api/account"
    USERS = "/api/users"
    RESOURCES = "/api/resources"
    ENTITLEMENTS = "/api/entitlements"
    ASSOCIATIONS = "/api/associations"
