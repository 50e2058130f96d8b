"""The command line."""

from connector.cli import run_integration

from mockapp_connector.integration import integration


def main() -> None:
    """Run ``mockapp-connector``."""
    run_integration(integration)


if __name__ == "__main__":
    main()
