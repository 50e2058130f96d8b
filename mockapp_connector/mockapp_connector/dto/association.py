"""Who has which of MockApp's entitlements."""

from connector.generated import FoundEntitlementAssociation

from mockapp_connector.dto.base import Dto, Id


class Association(Dto):
    """A user's entitlement on a resource."""

    user_id: Id
    entitlement_id: Id
    resource_id: Id

    def to_association(self) -> FoundEntitlementAssociation:
        """Return the association as Lumos knows it."""
        return FoundEntitlementAssociation(
            account_id=self.user_id,
            integration_specific_entitlement_id=self.entitlement_id,
            integration_specific_resource_id=self.resource_id,
        )
