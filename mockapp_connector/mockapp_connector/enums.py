"""The resource types and entitlement types that the connector declares to Lumos."""

from enum import StrEnum

from connector.generated import EntitlementType, ResourceType


class MockappResourceTypes(StrEnum):
    """What MockApp's entitlements are about, as its API spells it."""

    PROJECT = "project"
    TEAM = "team"
    GLOBAL = "global"


class MockappEntitlementTypes(StrEnum):
    """What a MockApp user can be given, as its API spells it."""

    PROJECT_ROLE = "project_role"
    TEAM_MEMBER = "team_member"
    ADMIN_ROLE = "admin_role"


resource_types: list[ResourceType] = [
    ResourceType(type_id=MockappResourceTypes.PROJECT.value, type_label="Project"),
    ResourceType(type_id=MockappResourceTypes.TEAM.value, type_label="Team"),
    ResourceType(type_id=MockappResourceTypes.GLOBAL.value, type_label="MockApp account"),
]

entitlement_types: list[EntitlementType] = [
    EntitlementType(
        type_id=MockappEntitlementTypes.PROJECT_ROLE.value,
        type_label="Project role",
        resource_type_id=MockappResourceTypes.PROJECT.value,
        min=0,
    ),
    EntitlementType(
        type_id=MockappEntitlementTypes.TEAM_MEMBER.value,
        type_label="Team member",
        resource_type_id=MockappResourceTypes.TEAM.value,
        min=0,
    ),
    EntitlementType(
        type_id=MockappEntitlementTypes.ADMIN_ROLE.value,
        type_label="Admin role",
        resource_type_id=MockappResourceTypes.GLOBAL.value,
        min=0,
        max=1,
    ),
]
