"""The engine alone: a maintained GROUP BY beside no view, and beside REFRESH.

Rows arrive by COPY. The native materialized view is refreshed once a batch, as its owner would
have to for the same promise; its cost grows with the table, the maintained view's does not.
"""

import time

import psycopg

from benchmarks.stack import stack
from penstock.control import create_roles, ensure_control_plane
from penstock.testing.services import fresh_database
from penstock_ivm import PsycopgSession, View, deploy, drop, verify

QUERY = """select k, count(*) as n, sum(v) as total, min(v) as low, max(v) as high
from measured where ok group by k"""
GROUPS = 5_000


def run(batch: int = 1_000, batches: int = 50) -> dict[str, float]:
    """Measure at growing sizes and print; return the figures."""
    figures: dict[str, float] = {}
    with stack() as services:
        create_roles(services.server.url, "bench_engine")
        with fresh_database(services.server, "bench_engine_1") as database:
            ensure_control_plane(database.url)
            connection = psycopg.connect(database.url)
            print(f"batches of {batch:,}, {GROUPS:,} groups; rows/s")
            print("    rows before      no view   maintained    ratio   REFRESH each batch")
            for rows in (10_000, 100_000, 1_000_000):
                figures |= _at(connection, rows, batch, batches)
            connection.close()
    return figures


def _at(connection: psycopg.Connection, rows: int, batch: int, batches: int) -> dict[str, float]:
    connection.execute("drop schema if exists measured_views cascade")
    connection.execute("create schema measured_views")
    connection.execute(
        "create table measured_views.measured (id bigint primary key, k int, v int, ok boolean)"
    )
    connection.execute("set search_path = measured_views, public")
    connection.execute(
        "insert into measured select i, i %% %s, i %% 97, true from generate_series(1, %s) as i",
        [GROUPS, rows],
    )
    connection.commit()
    connection.autocommit = True
    connection.execute("vacuum analyze measured")
    connection.autocommit = False
    start = 100_000_000
    bare = _copy(connection, start, batch, batches)
    connection.execute(f"create materialized view native as {QUERY}")
    connection.commit()
    refreshed = _copy(
        connection, 2 * start, batch, min(batches, 5), "refresh materialized view native"
    )
    connection.execute("drop materialized view native")
    session = PsycopgSession(connection)
    deploy(session, View("measured_views", "kept", QUERY))
    connection.commit()
    kept = _copy(connection, 3 * start, batch, batches)
    assert verify(session, "measured_views", "kept") == []
    drop(session, "measured_views", "kept")
    connection.commit()
    print(f"    {rows:>11,} {bare:>12,.0f} {kept:>12,.0f} {kept / bare:>8.2f} {refreshed:>12,.0f}")
    return {
        f"bare_at_{rows}": bare,
        f"maintained_at_{rows}": kept,
        f"refresh_at_{rows}": refreshed,
    }


def _copy(
    connection: psycopg.Connection, first: int, batch: int, batches: int, after: str | None = None
) -> float:
    """COPY batches, a transaction each; return rows a second."""
    texts = [
        "".join(f"{i}\t{i * 7919 % GROUPS}\t{i % 97}\tt\n" for i in range(low, low + batch))
        for low in range(first, first + batch * batches, batch)
    ]
    start = time.perf_counter()
    for text in texts:
        with connection.cursor() as cursor:
            with cursor.copy("copy measured from stdin") as copy:
                copy.write(text)
            if after is not None:
                cursor.execute(after.encode())
        connection.commit()
    return batch * batches / (time.perf_counter() - start)
