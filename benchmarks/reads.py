"""Looking profiles up over the wire, at a fixed rate, alone and while events come in.

PostgreSQL's own pgbench asks: it costs little beside the server, with which it shares the cores.
Lookups are due at random moments (a Poisson process) and timed from when they were due, so that a
stall counts for all that wait behind it. A lookup of nothing says what the machine and pgbench
add to each of them.
"""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import click
from psycopg.conninfo import conninfo_to_dict

from benchmarks.freshness import drain, send_steadily
from benchmarks.report import Cell, Plot, Report
from benchmarks.stack import Stack, create_topic, landed, percentile, produce, stack
from benchmarks.together import SPAWN, Together
from penstock.services.process import environment
from penstock.testing.services import Database

# pgbench has numbers only: a table says whom each of them asks for.
ASKED = """
create table asked as
    select row_number() over () as number, profile_id, user_id
    from (select * from profiles where user_id is not null limit 10000) as profiles;
alter table asked add primary key (number);
"""
NOTHING = "nothing"
# A profile that was merged into another since is rightly not found.
QUERIES = {
    NOTHING: "select 1",
    "by profile_id": "select p.* from asked join profiles as p using (profile_id)"
    " where asked.number = :number",
    "by user_id": "select p.* from asked join profiles as p using (user_id)"
    " where asked.number = :number",
    "by identifier": "select p.* from asked join identifiers as i"
    " on i.identifier_type = 'user_id' and i.identifier_value = asked.user_id"
    " join profiles as p on p.profile_id = i.profile_id where asked.number = :number",
}
LOADS = (0, 500, 1_000, 2_000)
RATE = 5_000
CLIENTS = 4
# A connection's first lookups read the catalogues and are planned; then those that became due
# meanwhile are caught up with.
WARM_SECONDS = 2
WANTED = "p99 ≤ 3"
# What libpq calls the parts of a URL: a password does not show among a command's arguments.
VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
}
_runs = count(100)


@dataclass(frozen=True, slots=True)
class Lookups:
    """What was answered.

    rate: a second. times: milliseconds of each, from due to answered. behind: the most
    milliseconds that one was asked after it was due.
    """

    rate: float
    times: list[float]
    behind: float


def run(quick: bool) -> Report:
    """Measure each lookup on an idle system and under each load."""
    backlog, seconds = (20_000, 2) if quick else (200_000, 5)
    rows: list[tuple[Cell, ...]] = []
    p99s: dict[str, list[tuple[Cell, float]]] = {}
    with stack() as services:
        create_topic(services.broker)
        with (
            services.database("bench_reads") as database,
            services.connector(database, "bench-reads"),
        ):
            _pgbench(database)
            produce(services.broker, backlog)
            while landed(database.connection) < backlog:
                time.sleep(0.1)
            database.connection.execute(ASKED)
            database.connection.execute("vacuum analyze")
            (asked,) = database.connection.execute("select count(*) from asked").fetchone() or (0,)
            for load in LOADS:
                condition = f"{load:,} events/s" if load else "idle"
                for name, query in QUERIES.items():
                    _check_plan(database, query)
                    before = landed(database.connection)
                    with _load(services, database, load, WARM_SECONDS + seconds):
                        found = _look_up(database, query, asked, seconds)
                        came = landed(database.connection) - before
                    percentiles = [percentile(found.times, s) for s in (0.5, 0.99, 0.999)]
                    rows.append(
                        (
                            f"{name}, {condition}",
                            found.rate,
                            *percentiles,
                            found.behind,
                            came / (WARM_SECONDS + seconds),
                            "" if name == NOTHING else WANTED,
                        )
                    )
                    p99s.setdefault(condition, []).append((name, percentiles[1]))
                    print(f"  {name}, {condition}: p99 {percentiles[1]:.2f} ms")
    return Report(
        "Reads",
        f"{RATE:,} lookups/s due over {seconds} s from pgbench with {CLIENTS} clients, after"
        f" {WARM_SECONDS} s that does not count; {asked:,} profiles asked for, each through a row"
        " of a table of keys, one more index lookup; timed from when due",
        (
            "lookup",
            "lookups/s",
            "p50 ms",
            "p99 ms",
            "p99.9 ms",
            "most behind, ms",
            "events/s in",
            "wanted",
        ),
        rows,
        {f"{row[0]} p99 ms": float(row[3]) for row in rows},
        Plot("bars", "", "p99 ms", p99s, log_y=True),
    )


def _check_plan(database: Database, query: str) -> None:
    """Refuse to time what does not find its rows by index alone."""
    lines = database.connection.execute(f"explain {query.replace(':number', '1')}").fetchall()
    plan = "\n".join(line for (line,) in lines)
    if "Seq Scan" in plan:
        raise RuntimeError(f"a lookup reads a whole table:\n{plan}")


@contextmanager
def _load(services: Stack, database: Database, rate: int, seconds: int) -> Iterator[None]:
    """Have events come in from the moment when the sender is ready; wait until all are in."""
    if not rate:
        yield
        return
    together = Together(2)
    # Events of its own each time: those of a load before would be duplicates, which cost less.
    sender = SPAWN.Process(
        target=send_steadily,
        args=(services.broker.bootstrap, rate, seconds, next(_runs), together),
    )
    sender.start()
    time.sleep(max(0.0, together.begin() - time.perf_counter()))
    yield
    sender.join()
    drain(database)


def _pgbench(database: Database) -> str:
    """Find it, before anything is measured: not every installation of the server brings it."""
    program = database.server.binaries.program("pgbench")
    if not Path(program).exists():
        raise click.ClickException(
            f"{program} is missing: this benchmark asks with the pgbench of the server it starts;"
            " install PostgreSQL from the system's packages (PENSTOCK_POSTGRES_VERSION picks one)"
        )
    return program


def _look_up(database: Database, query: str, asked: int, seconds: int) -> Lookups:
    """Run pgbench on one query."""
    parts = conninfo_to_dict(database.url)
    with tempfile.TemporaryDirectory(prefix="penstock-") as place:
        command = [
            _pgbench(database),
            *("--no-vacuum", "--protocol=prepared", "--random-seed=1", "--file=-"),
            *(f"--client={CLIENTS}", "--jobs=1", f"--rate={RATE}"),
            *(f"--time={WARM_SECONDS + seconds}", f"--define=asked={asked}"),
            *("--log", f"--log-prefix={place}/log"),
        ]
        done = subprocess.run(
            command,
            input=f"\\set number random(1, :asked)\n{query};\n",
            env=environment() | {VARIABLES[name]: str(parts[name]) for name in parts},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"pgbench failed:\n{done.stderr}")
        (log,) = Path(place).iterdir()
        return read_log(log.read_text())


def read_log(log: str) -> Lookups:
    """Read pgbench's log of each transaction, from the first that is due after the warm-up.

    A line is client, number, microseconds from due to answered, script, the second and
    microsecond of the answer, microseconds from due to asked. Lookups that were due and not yet
    asked when the time was over are in no line: the rate is lower by them.
    https://www.postgresql.org/docs/15/pgbench.html, Per-Transaction Logging
    """
    lines = [[int(part) for part in line.split()] for line in log.splitlines()]
    begin = min(_due(line) for line in lines) + WARM_SECONDS * 1_000_000
    counted = [line for line in lines if _due(line) >= begin]
    end = max(_due(line) + line[2] for line in counted)
    return Lookups(
        len(counted) / (end - begin) * 1_000_000,
        [line[2] / 1000 for line in counted],
        max(line[6] for line in counted) / 1000,
    )


def _due(line: list[int]) -> int:
    """The microsecond at which the lookup of a line of the log was due."""
    _, _, took, _, second, microsecond, _ = line
    return second * 1_000_000 + microsecond - took
