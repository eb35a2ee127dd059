"""`python -m benchmarks [NAME …] [--quick]`: run all benchmarks, or those named."""

import signal
import subprocess
import sys
from importlib import import_module
from types import FrameType

import click

from benchmarks.report import assemble, show, write
from penstock.errors import PenstockError

# In the order of RESULTS.md. Each is a module with run(quick) -> Report.
NAMES = (
    "same_job",
    "pipeline",
    "freshness",
    "growth",
    "merge_storm",
    "engine",
    "reads",
    "dbt_run",
)


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(NAMES))
@click.option("--quick", is_flag=True, help="Small sizes, to see that it works; writes nothing.")
def main(names: tuple[str, ...], quick: bool) -> None:
    """Measure, print ratios, and write results/NAME.json, a plot and RESULTS.md.

    \b
    same_job     one job by Penstock, Flink SQL, Pathway, and REFRESH
    pipeline     Kafka to profiles, as a share of landing only
    freshness    produce to visible, at growing rates
    growth       rate, state, WAL and memory at 1, 10 and 30 million events
    merge_storm  10,000 identifiers that become one profile
    engine       what an operator costs per changed row, beside a full recompute
    reads        looking profiles up while events come in
    dbt_run      `dbt run` on an empty database and with nothing to do, and compile of one model
    """  # noqa: D301 - click's own mark
    signal.signal(signal.SIGTERM, _end)
    # The terminal is gone; under nohup that is ignored, and stays so.
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _end)
    if len(names) == 1:
        _measure(names[0], quick)
        return
    for name in names or NAMES:
        _in_a_process(name, quick)


def _measure(name: str, quick: bool) -> None:
    click.secho(f"\n{name}", bold=True)
    try:
        report = import_module(f"benchmarks.{name}").run(quick)
    except PenstockError as error:
        raise click.ClickException(str(error)) from None
    show(report)
    if not quick:
        write(name, report)
        assemble(NAMES)


def _in_a_process(name: str, quick: bool) -> None:
    """Each in a process of its own: what one keeps in memory is no page cache for the next."""
    command = [sys.executable, "-m", "benchmarks", name, *(["--quick"] if quick else [])]
    # Ctrl-C is for this process alone, which tells the other once.
    with subprocess.Popen(command, start_new_session=True) as process:
        try:
            code = process.wait()
        finally:
            # Nothing to one that has ended. On Ctrl-C `with` would not wait for it.
            process.terminate()
            process.wait()
    if code:
        sys.exit(code)


def _end(number: int, frame: FrameType | None) -> None:
    """End as by Ctrl-C: by every `finally`, so that no server or contestant is left running."""
    del frame
    # Asked twice, it goes on with what it is stopping.
    signal.signal(number, signal.SIG_IGN)
    sys.exit(128 + number)


if __name__ == "__main__":  # processes that a benchmark starts read this file again
    main()
