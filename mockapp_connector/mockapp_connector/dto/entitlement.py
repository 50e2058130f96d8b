"""MockApp's roles and memberships."""

from connector.generated import FoundEntitlementData

from mockapp_connector.dto.base import Dto, Id
from mockapp_connector.enums import MockappEntitlementTypes


class Entitlement(Dto):
    """Something that a user can be given on one resource."""

    id: Id
    type: MockappEntitlementTypes
    name: str
    description: str | None = None
    resource_id: Id

    def to_entitlement(self) -> FoundEntitlementData:
        """Return the entitlement as Lumos knows it."""
        return FoundEntitlementData(
            entitlement_type=self.type.value,
            integration_specific_id=self.id,
            integration_specific_resource_id=self.resource_id,
            is_assignable=True,
            label=self.name,
            description=self.description,
        )
