"""What an operator costs per changed row, beside a recompute of the whole.

One table of facts and one of things; each view is deployed alone. A statement inserts, updates
or deletes as many rows as it is said to change, a third of the rounds each. REFRESH of a native
materialized view is what its owner would have to do for the same promise.

What takes long is what grows with the state and is no change of a few rows: building the view,
comparing it, REFRESH, and a window function, whose partitions are computed again (10,000 rows
change every one of the 5,000). So a size has a time after which no further round begins, a
statement that takes too long is cancelled, and views of the largest state are not compared.
Each operator's figures are written as soon as they are there.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial

import psycopg

from benchmarks.machine import durable_server
from benchmarks.report import Cell, Plot, Report, keep
from penstock.control import OWNER, create_roles, ensure_control_plane
from penstock.testing.services import fresh_database
from penstock_ivm import PsycopgSession, View, deploy, drop, verify

THINGS = 5_000
SIZES = (1, 100, 10_000)
ROUNDS = {1: 60, 100: 30, 10_000: 6}
STATES = (10_000, 1_000_000, 10_000_000)
# For the rounds of a size: after it none begins; and the longest that a statement may take.
ENOUGH_SECONDS, LONGEST_SECONDS = 10, 60
# Comparing a view sorts both sides as text: minutes, beyond this.
COMPARED_ROWS = 1_000_000
VIEWS = {
    "filter": "select id, v from facts where v < 50",
    "inner join": "select f.id, f.v, t.name from facts as f join things as t on t.id = f.k",
    "left join": "select f.id, f.v, t.name from facts as f left join things as t on t.id = f.k",
    "group by": "select k, count(*) as n, sum(v) as total from facts group by k",
    "min, max": "select k, min(v) as low, max(v) as high from facts group by k",
    "top 1 per key": "select distinct on (k) k, id, v from facts order by k, at desc, id desc",
    "window": "select id, k, rank() over (partition by k order by at, id) as place from facts",
    "distinct": "select distinct k, v from facts",
    "exists": "select t.id from things as t where exists (select from facts as f where f.k = t.id)",
    "temporal": "select id, v from facts where at > now() - interval '30 days'",
}


def run(quick: bool) -> Report:
    """Measure each view at each number of rows, over small and over large state."""
    states = STATES[:1] if quick else STATES
    views = dict(list(VIEWS.items())[:3]) if quick else VIEWS
    rows: list[tuple[Cell, ...]] = []
    lines: dict[str, list[tuple[Cell, float]]] = {}
    figures: dict[str, float] = {}
    with _database() as connection:
        for state in states:
            _fill(connection, state)
            bare = _costs(connection)
            rows.append(("no view", state, *_cells(bare), "", ""))
            for name, query in views.items():
                costs, refresh = _measure(connection, query, state)
                crossover = round(refresh * 1_000_000 / costs[max(costs)])
                rows.append((name, state, *_cells(costs), refresh * 1000, crossover))
                figures |= {f"{name}, {size} of {state}": cost for size, cost in costs.items()}
                # One line an operator: the largest state's, once it is there.
                lines[name] = list(costs.items())
                print(
                    f"  {state:,} rows, {name}: {', '.join(f'{c:,.1f}' for c in costs.values())}"
                    f" µs a row; REFRESH {refresh:,.2f} s, cheaper from {crossover:,} rows"
                )
                if not quick:
                    keep("engine", _report(rows, figures, lines))
    return _report(rows, figures, lines)


def _report(
    rows: list[tuple[Cell, ...]],
    figures: dict[str, float],
    lines: dict[str, list[tuple[Cell, float]]],
) -> Report:
    return Report(
        "Engine, by operator",
        f"{THINGS:,} keys; statements that insert, update and delete the same rows, a commit each,"
        " durable; the write itself included; every view over up to"
        f" {COMPARED_ROWS:,} rows equal to its SELECT afterwards",
        (
            "operator",
            "rows of state",
            *(f"µs a row, {size:,} a statement" for size in SIZES),
            "REFRESH, ms",
            "REFRESH is cheaper from, rows",
        ),
        rows,
        figures,
        Plot("lines", "rows changed by a statement", "µs a row", lines, log_x=True, log_y=True),
    )


def _cells(costs: dict[int, float]) -> list[Cell]:
    """A cell a size."""
    return [costs.get(size, f"over {LONGEST_SECONDS} s a statement") for size in SIZES]


@contextmanager
def _database() -> Iterator[psycopg.Connection]:
    with durable_server() as server:
        create_roles(server.url, "bench_engine")
        with fresh_database(server, "bench_engine_1") as database:
            ensure_control_plane(database.url)
            with psycopg.connect(server.url_for(OWNER, database.name), autocommit=True) as open_one:
                yield open_one


def _fill(connection: psycopg.Connection, rows: int) -> None:
    connection.execute("drop table if exists facts, things")
    connection.execute("create table things (id int primary key, name text not null)")
    connection.execute(
        "create table facts (id bigint primary key, k int not null, v int not null,"
        " at timestamptz not null)"
    )
    connection.execute(
        "insert into things select i, 'thing ' || i from generate_series(1, %s) as i", [THINGS]
    )
    connection.execute(
        "insert into facts select i, 1 + i %% %s, i * 7919 %% 97,"
        " now() - i * interval '60 days' / %s from generate_series(1, %s::bigint) as i",
        [THINGS, rows, rows],
    )
    connection.execute("vacuum analyze facts")


def _measure(
    connection: psycopg.Connection, query: str, state: int
) -> tuple[dict[int, float], float]:
    """µs a changed row by rows a statement, with the view kept; seconds of a REFRESH."""
    session = PsycopgSession(connection)
    with connection.transaction():
        deploy(session, View("public", "kept", query))
    costs = _costs(connection)
    if state <= COMPARED_ROWS and verify(session, "public", "kept"):
        raise RuntimeError(f"the view is wrong: {query}")
    with connection.transaction():
        drop(session, "public", "kept")
    # What a cancelled round left.
    connection.execute("delete from facts where id > 1000000000")
    connection.execute(f"create materialized view native as {query} with no data")
    began = time.perf_counter()
    connection.execute("refresh materialized view native")
    refresh = time.perf_counter() - began
    connection.execute("drop materialized view native")
    return costs, refresh


def _costs(connection: psycopg.Connection) -> dict[int, float]:
    """µs a changed row, by rows a statement; a size that takes too long has none."""
    costs: dict[int, float] = {}
    connection.execute(f"set statement_timeout = '{LONGEST_SECONDS}s'".encode())
    with suppress(psycopg.errors.QueryCanceled):
        for size in SIZES:
            costs[size] = _cost(partial(_round, connection, size), ROUNDS[size]) / (3 * size)
    connection.execute("reset statement_timeout")
    return costs


def _cost(one_round: Callable[[], None], rounds: int) -> float:
    """µs a round, after two in which plans are made and pages come; one, where they are long."""
    times: list[float] = []
    began = time.perf_counter()
    while len(times) < 2 or (
        len(times) < rounds + 2 and time.perf_counter() - began < ENOUGH_SECONDS
    ):
        start = time.perf_counter()
        one_round()
        times.append(time.perf_counter() - start)
    return statistics.mean(times[2:] or times[1:]) * 1_000_000


def _round(connection: psycopg.Connection, size: int) -> None:
    """Insert rows, update and delete the same ones."""
    connection.execute(
        "insert into facts select 1000000000 + i, 1 + i * 31 %% %s, i %% 97, now()"
        " from generate_series(1, %s) as i",
        [THINGS, size],
    )
    connection.execute("update facts set v = (v + 13) % 97 where id > 1000000000")
    connection.execute("delete from facts where id > 1000000000")
