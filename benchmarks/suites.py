"""The suites of tests/tpch and tests/nexmark at full size: figures a view, progress as it goes.

    python -m benchmarks.suites tpch --scale 0.1

Maintenance is the time that PostgreSQL counts within a view's own trigger functions.
"""

import time
from collections import Counter, defaultdict
from pathlib import Path

import click
import psycopg

from benchmarks.machine import durable_server
from penstock.control import create_roles, ensure_control_plane
from penstock.testing import nexmark, tpch
from penstock.testing.services import fresh_database
from penstock.testing.suites import Suite, check_views, deploy_models, run_transaction
from penstock_ivm import PsycopgSession, View, plan_view

ROOT = Path(__file__).parents[1]
SIZES = """select left(relname, 3), sum(pg_total_relation_size(oid)) from pg_class
where relnamespace = 'penstock_state'::regnamespace and relkind = 'r' group by 1"""
TIMES = """select left(funcname, 3), sum(self_time) from pg_stat_user_functions
where schemaname = 'penstock_state' group by 1"""


@click.command()
@click.argument("name", type=click.Choice(["tpch", "nexmark"]))
@click.option("--scale", default=0.1, show_default=True, help="1 is 6 million lines or bids.")
def main(name: str, scale: float) -> None:
    """Run a suite: load, deploy, transactions, every view compared after each of them."""
    suite = Suite(ROOT / "tests" / name)
    with durable_server() as server:
        create_roles(server.url, "suites")
        with fresh_database(server, "suite") as database:
            ensure_control_plane(database.url)
            with (
                psycopg.connect(server.url, dbname="suite", autocommit=True) as observer,
                database.connect() as connection,
            ):
                observer.execute("alter database suite set track_functions = 'pl'")
                connection.execute(suite.schema().encode())
                start = time.perf_counter()
                _load(name, scale, connection)
                click.echo(f"loaded in {time.perf_counter() - start:.1f} s")
            with (
                psycopg.connect(server.url, dbname="suite", autocommit=True) as observer,
                database.connect() as connection,
            ):
                _run(suite, connection, observer, _values(name, scale))


def _load(name: str, scale: float, connection: psycopg.Connection) -> None:
    if name == "tpch":
        tpch.load(connection, tpch.generate(scale, ROOT / ".penstock"))
    else:
        nexmark.load(connection, round(scale * 6_500_000))


def _values(name: str, scale: float) -> dict[str, int]:
    return tpch.values(scale) if name == "tpch" else {}


def _run(
    suite: Suite,
    connection: psycopg.Connection,
    observer: psycopg.Connection,
    values: dict[str, int],
) -> None:
    models = suite.models()
    deployed = {}
    for done in deploy_models(connection, models):
        deployed[done.view.name] = done.seconds
        if done.refusal:
            raise click.ClickException(f"{done.view.name}: {done.refusal}")
        click.echo(f"{done.view.name} deployed in {done.seconds:.2f} s")
    connection.execute("analyze")
    operators = {view.name: _operators(connection, view) for view in models}
    recompute: dict[str, list[float]] = defaultdict(list)
    spent: dict[str, list[float]] = defaultdict(list)
    check_views(connection, models, "deploy")
    for transaction in suite.transactions(values):
        before = _times(connection, observer)
        seconds = run_transaction(connection, transaction)
        after = _times(connection, observer)
        for view in models:
            key = view.name[:3]
            spent[view.name].append(after.get(key, 0) - before.get(key, 0))
        worst = max(models, key=lambda view: spent[view.name][-1]).name
        check_views(
            connection,
            models,
            transaction.title,
            lambda view, seconds: recompute[view.name].append(1000 * seconds),
        )
        click.echo(
            f"{seconds:8.2f} s  {transaction.title}: equal;"
            f" most in {worst}, {spent[worst][-1]:,.0f} ms"
        )
    sizes = {name: int(size) for name, size in observer.execute(SIZES.encode()).fetchall()}
    click.echo(
        "| query | operators | deploy, s | state, kB | maintenance, ms: median | worst"
        " | recompute, ms | ratio |\n|---|---|---|---|---|---|---|---|"
    )
    for name, each in spent.items():
        middle, again = _median(each), _median(recompute[name])
        size = sizes.get(name[:3], 0) // 1024
        click.echo(
            f"| {name} | {operators[name]} | {deployed[name]:.2f} | {size}"
            f" | {middle:.1f} | {max(each):,.0f} | {again:.0f} | {again / max(middle, 0.1):,.0f} |"
        )


def _operators(connection: psycopg.Connection, view: View) -> str:
    """The plan's stages, inputs first."""
    with connection.transaction(force_rollback=True):
        _, plan = plan_view(PsycopgSession(connection), view)
    counted = Counter(type(stage).__name__ for stage in plan.stages)
    return ", ".join(f"{n} {name}" if n > 1 else name for name, n in counted.items())


def _times(connection: psycopg.Connection, observer: psycopg.Connection) -> dict[str, float]:
    """Milliseconds within the functions of each view so far."""
    connection.execute("select pg_stat_force_next_flush()")
    return dict(observer.execute(TIMES.encode()).fetchall())  # type: ignore[arg-type]


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


if __name__ == "__main__":
    main()
