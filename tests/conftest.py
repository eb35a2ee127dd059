"""Fixtures for every test: real services from `penstock.testing`."""

import pytest

pytest_plugins = ["penstock.testing.services"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep what needs the broker in one worker of `make test`: one broker is enough."""
    for item in items:
        if "kafka_broker" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("kafka"))
