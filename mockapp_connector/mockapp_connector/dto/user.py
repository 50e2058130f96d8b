"""MockApp's users, which Lumos calls accounts.

Each class has what its readers need: a user without a name is still one who can be deactivated.
"""

import typing as t
from enum import StrEnum

from connector.generated import (
    AccountStatus,
    ActivityEventType,
    CreatableAccount,
    FoundAccountData,
    LastActivityData,
)
from pydantic import AwareDatetime, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from mockapp_connector.dto.base import Dto, Id


class UserStatus(StrEnum):
    """The states of a MockApp user."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    DELETED = "deleted"


ACCOUNT_STATUSES = {
    UserStatus.ACTIVE: AccountStatus.ACTIVE,
    UserStatus.INACTIVE: AccountStatus.INACTIVE,
    UserStatus.DELETED: AccountStatus.SUSPENDED,
}


class UserId(Dto):
    """Whom a response is about."""

    id: Id


class UserLogin(UserId):
    """When a user last logged in."""

    last_login: AwareDatetime | None = None

    def to_last_activity(self) -> LastActivityData | None:
        """Return when the user last logged in, or None for one who never did."""
        if self.last_login is None:
            return None
        return LastActivityData(
            account_id=self.id,
            event_type=ActivityEventType.LAST_LOGIN.value,
            happened_at=self.last_login.isoformat().replace("+00:00", "Z"),
        )


class UserState(UserId):
    """What state a user is in."""

    status: UserStatus

    @field_validator("status", mode="before")
    @classmethod
    def _name_an_unknown_status(cls, value: t.Any, info: ValidationInfo) -> t.Any:
        if isinstance(value, str) and value not in {status.value for status in UserStatus}:
            raise PydanticCustomError(
                "unknown_status",
                "unknown status '{status}' of the user '{user}'",
                {"status": value, "user": info.data.get("id", "")},
            )
        # As a member: after a validator, some releases of pydantic no longer know that this was JSON.
        return UserStatus(value) if isinstance(value, str) else value

    @property
    def account_status(self) -> AccountStatus:
        """The user's status as Lumos knows it."""
        return ACCOUNT_STATUSES[self.status]


class User(UserState):
    """A listed user, deleted ones included: MockApp keeps them as tombstones."""

    email: str
    name: str

    def to_account(self) -> FoundAccountData:
        """Return the user as Lumos knows it."""
        return FoundAccountData(
            integration_specific_id=self.id,
            email=self.email,
            username=self.name,
            user_status=self.account_status,
        )


class CreateAccount(CreatableAccount):
    """What Lumos gives for a new account; the SDK adds ``entitlements``."""

    email: str = Field(min_length=1, description="The e-mail address of the new account.")
    display_name: str = Field(min_length=1, description="The name of the new account's user.")
