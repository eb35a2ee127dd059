"""One person's identifiers joined link by link, until thousands are one profile.

Each link is an `alias` event in a transaction of its own, landed as the connector lands it. The
chain grows at its end; the star adds to one user; halves are two chains that one event joins.
"""

import json
import time
from collections.abc import Iterable, Iterator
from itertools import count

import psycopg

from benchmarks.report import Cell, Plot, Report
from benchmarks.stack import Stack, percentile, stack

WANTED_SECONDS = 1.0
_offsets = count()


def run(quick: bool) -> Report:
    """Measure each shape; every one must end as one profile with all its identifiers."""
    links = 300 if quick else 10_000
    rows: list[tuple[Cell, ...]] = []
    lines: dict[str, list[tuple[Cell, float]]] = {}
    figures: dict[str, float] = {}
    with stack() as services:
        for name, pairs in (
            ("chain, one link at a time", _chain("c", links)),
            ("star, one link at a time", (("hub", f"s{n}") for n in range(links))),
        ):
            times = _measure(services, links, ([pair] for pair in pairs))
            tenth = max(1, links // 10)
            first, last = sum(times[:tenth]) / tenth, sum(times[-tenth:]) / tenth
            rows.append(
                (
                    name,
                    links,
                    sum(times),
                    first * 1000,
                    last * 1000,
                    percentile(times, 0.99) * 1000,
                    max(times) * 1000,
                )
            )
            figures |= {f"{name}, last by first": last / first, f"{name}, worst s": max(times)}
            lines[name] = [
                (at + tenth // 2, sum(times[at : at + tenth]) / tenth * 1000)
                for at in range(0, links - tenth + 1, tenth)
            ]
        (whole,) = _measure(services, links, [list(_chain("b", links))])
        rows.append(("chain, in one batch", links, whole, "", "", "", whole * 1000))
        halves = [list(_chain("l", links // 2)), list(_chain("r", links // 2)), [("l0", "r0")]]
        *_, joined = _measure(services, links, halves)
        rows.append(("two halves joined by one event", links, joined, "", "", "", joined * 1000))
    figures |= {"batch s": whole, "halves s": joined}
    return Report(
        "Merge storm",
        f"{links:,} links that make one profile; alias events, a transaction each;"
        f" wanted: no step over {WANTED_SECONDS:g} s, linear in the links",
        (
            "shape",
            "links",
            "seconds in all",
            "ms a link, first tenth",
            "last tenth",
            "p99 ms",
            "worst ms",
        ),
        rows,
        figures,
        Plot("lines", "links so far", "ms a link", lines),
    )


def _chain(stem: str, links: int) -> Iterator[tuple[str, str]]:
    return ((f"{stem}{n}", f"{stem}{n + 1}") for n in range(links))


def _measure(services: Stack, links: int, batches: Iterable[list[tuple[str, str]]]) -> list[float]:
    """Land each batch in a transaction, in an empty database; return the seconds of each."""
    with services.database(f"bench_merge_{next(_offsets)}") as database:
        connection = database.connection
        times = []
        for batch in batches:
            texts = [_alias(pair) for pair in batch]
            began = time.perf_counter()
            _land(connection, texts)
            times.append(time.perf_counter() - began)
        found = connection.execute(
            "select count(distinct profile_id), count(*) from identifiers"
        ).fetchone()
    if found != (1, links + 1) and found != (1, links + 2):
        raise RuntimeError(f"{found} instead of one profile of {links + 1} identifiers")
    return times


def _alias(pair: tuple[str, str]) -> str:
    previous, user = pair
    event = {
        "messageId": f"{previous}-{user}",
        "type": "alias",
        "previousId": previous,
        "userId": user,
        "timestamp": "2026-03-01T10:00:00.000Z",
        "receivedAt": "2026-03-01T10:00:00.000Z",
    }
    return json.dumps(event)


def _land(connection: psycopg.Connection, texts: list[str]) -> None:
    with (
        connection.transaction(),
        connection.cursor() as cursor,
        cursor.copy(
            "copy landed_events (kafka_partition, kafka_offset, kafka_timestamp, payload)"
            " from stdin"
        ) as copy,
    ):
        for text in texts:
            copy.write_row((0, next(_offsets), "2026-03-01", text))
