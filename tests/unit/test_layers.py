"""Dependencies point one way: cli → connectors, dbt adapter → compiler → sqlglot."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]

# What each part must not import; the most particular prefix that matches holds.
FORBIDDEN = {
    # The compiler knows neither dbt nor Kafka nor who calls it.
    "adapter/penstock_ivm": ("penstock.", "dbt", "confluent_kafka", "click", "rich", "alembic"),
    # The adapter needs the control plane and the settings, not the connector or its libraries.
    "adapter/dbt": ("penstock.cli", "penstock.sources", "penstock.services", "confluent_kafka"),
    "connectors/penstock": ("penstock.cli", "penstock.testing", "dbt"),
    "connectors/penstock/sources": (
        *("penstock.cli", "penstock.testing", "penstock.services", "penstock.demo"),
        *("penstock_ivm", "dbt", "alembic", "sqlalchemy"),
    ),
    "connectors/penstock/services": ("penstock.cli", "penstock.testing", "penstock.sources", "dbt"),
    "connectors/penstock/cli": ("penstock.testing", "dbt"),
    "connectors/penstock/demo": ("penstock.cli", "penstock.testing"),
    "connectors/penstock/testing": ("penstock.cli", "penstock.demo"),
}


def imports(file: Path) -> Iterator[tuple[int, str]]:
    """Every module a file imports, at its top or later, with the line."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def forbidden(folder: str, module: str) -> bool:
    prefixes = FORBIDDEN[folder]
    return any(f"{module}.".startswith(f"{prefix.rstrip('.')}.") for prefix in prefixes)


def test_dependencies_point_one_way() -> None:
    broken = []
    for file in sorted(
        path for root in ("adapter", "connectors") for path in ROOT.glob(f"{root}/**/*.py")
    ):
        place = file.relative_to(ROOT).as_posix()
        folders = [folder for folder in FORBIDDEN if place.startswith(f"{folder}/")]
        if not folders:
            continue
        nearest = max(folders, key=len)
        broken += [
            f"{place}:{line} imports {module}"
            for line, module in imports(file)
            if forbidden(nearest, module)
        ]
    assert broken == []


def test_the_check_finds_what_it_forbids() -> None:
    assert forbidden("adapter/penstock_ivm", "dbt.adapters.base")
    assert forbidden("adapter/penstock_ivm", "penstock.control")
    assert not forbidden("adapter/penstock_ivm", "penstock_ivm.names")
    assert not forbidden("connectors/penstock/cli", "penstock.sources.loop")
