"""Fixtures for every test: real services from `penstock.testing`."""

from collections.abc import Iterator

import pytest

pytest_plugins = ["penstock.testing.services"]

# Fixtures that take seconds, and the tests that mean them by that name; the dearest first.
DEAR = {
    "deployed": "tests/e2e/",
    "kafka_broker": "tests/",
    "shop": "tests/adapter/",
    "models": "tests/docs/",
    "compiled": "tests/adapter/",
}


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Iterator[None]:
    """Share the suite out among the workers of `make test`, by what is dear to set up.

    A class stays in one worker too, for its fixtures are made once and its tests may build on
    each other. A wrapper, for xdist reads the marks in the same hook.
    """
    for item in items:
        names = getattr(item, "fixturenames", ())
        dear = [name for name in DEAR if name in names and item.nodeid.startswith(DEAR[name])]
        if dear:
            item.add_marker(pytest.mark.xdist_group(dear[0]))
        elif isinstance(item.parent, pytest.Class):
            item.add_marker(pytest.mark.xdist_group(item.parent.nodeid))
    yield
    # It says nothing where it cannot: https://github.com/pytest-dev/pytest-xdist/issues/1386
    if config.getoption("loadgroup", default=False):
        for item in items:
            if item.get_closest_marker("xdist_group") and "@" not in item.nodeid:
                raise pytest.UsageError(f"xdist does not see the group of {item.nodeid}")
