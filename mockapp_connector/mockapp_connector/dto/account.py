"""The MockApp account, which Lumos calls a tenant."""

from mockapp_connector.dto.base import Dto, Id


class Account(Dto):
    """The account that a token belongs to."""

    id: Id
