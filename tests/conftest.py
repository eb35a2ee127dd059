"""Fixtures for every test: real services from `penstock.testing`."""

import pytest

pytest_plugins = ["penstock.testing.services"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Share the suite out among the workers of `make test`, by what is dear to set up.

    What needs the broker stays in one worker: one broker is enough. A class stays in one worker
    too, for its fixtures are made once and its tests may build on each other.
    """
    for item in items:
        if "kafka_broker" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("kafka"))
        elif isinstance(item.parent, pytest.Class):
            item.add_marker(pytest.mark.xdist_group(item.parent.nodeid))
