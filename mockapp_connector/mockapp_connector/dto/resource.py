"""MockApp's projects and teams, and the account itself."""

from connector.generated import FoundResourceData

from mockapp_connector.dto.base import Dto, Id
from mockapp_connector.enums import MockappResourceTypes


class Resource(Dto):
    """Something that entitlements are about."""

    id: Id
    type: MockappResourceTypes
    name: str
    description: str | None = None

    def to_resource(self) -> FoundResourceData:
        """Return the resource as Lumos knows it."""
        return FoundResourceData(
            integration_specific_id=self.id,
            label=self.name,
            description=self.description,
            resource_type=self.type.value,
        )
