"""Contract tests for Lumos connectors: record once against a live server, replay offline."""

from connector_contract.config import ConnectorUnderTest, Upstream
from connector_contract.contract.connector_contract import ConnectorContract
from connector_contract.errors import ContractError
from connector_contract.fill_in import fill_in

__all__ = ["ConnectorContract", "ConnectorUnderTest", "ContractError", "Upstream", "fill_in"]
