"""Run the fuzzer: `make fuzz`, or `python -m penstock.testing.fuzz --help`."""

from __future__ import annotations

import itertools
import logging
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import click

from penstock.control import OWNER, create_roles, ensure_control_plane
from penstock.services.binaries import choose_binaries
from penstock.services.postgres import Server, start_postgres
from penstock.settings import Settings
from penstock.testing.fuzz.rounds import Fault, Found, Plan, as_story, plan_round, play
from penstock.testing.fuzz.shrink import about, shrink
from penstock.testing.services import TEMPLATE, fresh_database, server_place

_LINE = "\r{elapsed:6.0f} s  {rounds} rounds  {cases:,} cases  {rate:.0f}/s  {refused:.0%} refused"


class Fuzzing:
    """One server, and what its rounds have found so far."""

    def __init__(self, server: Server, into: Path) -> None:
        self.server = server
        self.into = into
        self.rounds = self.cases = self.deployed = self.failed = self.together = self.crashes = 0
        self.abandoned = 0
        self.refused: Counter[str] = Counter()
        self.faults: list[tuple[int, Fault, Path]] = []
        self._names = itertools.count(1)

    def round(self, seed: int) -> None:
        """Play one round; shrink and keep what fails."""
        plan = plan_round(seed)
        found = self.play(plan)
        self.rounds += 1
        self.cases += found.cases
        self.deployed += found.deployed
        self.failed += found.failed
        self.together += found.together
        self.crashes += found.crashes
        self.abandoned += not found.ended
        self.refused += found.refused
        if found.fault is not None:
            self._keep(plan, found.fault)

    def play(self, plan: Plan) -> Found:
        """Play a plan in a database of its own."""
        name = f"fuzz_{next(self._names)}"
        with fresh_database(self.server, name, template=TEMPLATE) as database:
            return play(database, plan, self._crash)

    def _crash(self) -> None:
        self.server.kill()
        self.server = self.server.restart()

    def _keep(self, plan: Plan, fault: Fault) -> None:
        print(f"\nseed {plan.seed}: {fault.view} after {fault.moment}: {fault.text[:400]}")

        def fails(smaller: Plan) -> bool:
            again = self.play(smaller).fault
            return again is not None and _same(again.text, fault.text)

        if fault.at_once:
            # It need not come again: what is cut down might be another fault.
            self._write(plan, fault)
            return
        plan = replace(plan, together=None)
        start = about(plan, fault.view, fault.moment)
        small = shrink(
            start if fails(start) else plan,
            fails,
            lambda text: print(f"\r  {text:60}", end="", flush=True),
        )
        self._write(small, self.play(small).fault or fault)

    def _write(self, plan: Plan, fault: Fault) -> None:
        self.into.mkdir(parents=True, exist_ok=True)
        path = self.into / f"seed_{plan.seed}.sql"
        path.write_text(as_story(plan, fault).sql())
        print(f"\n{path}\n{path.read_text()}\n{fault.view}: {fault.text[:900]}")
        self.faults.append((plan.seed, fault, path))


def _same(one: str, other: str) -> bool:
    """Whether two faults are of one kind: both differences, or errors with the same start."""
    return one[:24] == other[:24]


@click.command()
@click.option("--minutes", default=5.0, show_default=True, help="How long to look.")
@click.option("--seed", default=1, show_default=True, help="The first round's seed.")
@click.option("--rounds", default=0, help="Stop after so many rounds; 0 for no limit.")
@click.option(
    "--into",
    default=Path("target/fuzz"),
    show_default=True,
    type=click.Path(path_type=Path),
    help="Where failing stories are written.",
)
def main(minutes: float, seed: int, rounds: int, into: Path) -> None:
    """Compare maintained views with recompute under random schemas, SELECTs and transactions.

    The same seed gives the same rounds. A failure is cut down to a story, printed and written
    to a file; the exit code is then 1.
    """
    # It tells of connections that end with the server, as they should here.
    logging.getLogger("psycopg").setLevel(logging.ERROR)
    binaries = choose_binaries(Settings().postgres_version)
    with server_place() as place:
        server = start_postgres(place, binaries=binaries, durable=False)
        fuzzing = Fuzzing(server, into)
        try:
            create_roles(server.url, TEMPLATE)
            ensure_control_plane(server.url_for(OWNER, TEMPLATE))
            started = time.monotonic()
            while time.monotonic() - started < minutes * 60:
                fuzzing.round(seed + fuzzing.rounds)
                _tell(fuzzing, time.monotonic() - started)
                if fuzzing.rounds == rounds:
                    break
        finally:
            # Not the one that was started, after a crash.
            fuzzing.server.stop()
    print("\nrefused, and why:")
    for reason, count in fuzzing.refused.most_common(25):
        print(f"  {count:6} {reason}")
    print(
        f"{fuzzing.together} transactions side by side, {fuzzing.crashes} crashes;"
        f" {fuzzing.abandoned} rounds given up as too slow;"
        f" {fuzzing.failed} transactions failed as any writer's may; {len(fuzzing.faults)} faults"
    )
    for number, fault, path in fuzzing.faults:
        print(f"  seed {number}: {path}: {fault.text[:120]}")
    sys.exit(1 if fuzzing.faults else 0)


def _tell(fuzzing: Fuzzing, elapsed: float) -> None:
    if not sys.stdout.isatty() and fuzzing.rounds % 20:
        return
    refused = sum(fuzzing.refused.values())
    line = _LINE.format(
        elapsed=elapsed,
        rounds=fuzzing.rounds,
        cases=fuzzing.cases,
        rate=fuzzing.cases / elapsed,
        refused=refused / max(refused + fuzzing.deployed, 1),
    )
    print(line, end="" if sys.stdout.isatty() else "\n", flush=True)


if __name__ == "__main__":
    main()
