"""`penstock tick`."""

import logging
import re
from contextlib import closing

import click
from rich.console import Console

from penstock import ticking
from penstock.cli.connect import log_to, stop_on_signals
from penstock.control import connect, ensure_control_plane
from penstock.settings import Settings

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86_400.0}


class Period(click.ParamType[float]):
    """A time such as 500ms, 1s, 5m, 1h."""

    name = "period"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Read a period as seconds."""
        found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(ms|s|m|min|h|d)", str(value).strip())
        seconds = float(found[1]) * _UNITS[found[2]] if found else 0.0
        if seconds <= 0:
            self.fail(f"{value!r} is no period; write 500ms, 1s, 5m or 1h", param, ctx)
        return seconds


PERIOD = Period()


@click.command("tick")
@click.option(
    "--every",
    type=PERIOD,
    metavar="PERIOD",
    help="Move every clock this often (500ms, 1s, 5m), instead of each view's own `tick`.",
)
@click.option("--once", is_flag=True, help="Move every clock to now, and end.")
def command(*, every: float | None, once: bool) -> None:
    r"""Move the clocks of the views that compare rows with now().

    A maintained view with `where ts > now() - interval '7 days'` has a clock:
    the time that its now() stands for. Rows leave it, and come, when the
    clock moves. Each view's `tick` config says how often (1 second without
    it); a tick costs the rows that it changes, not the table.

    `penstock connect` moves the clocks too. Run this one where no connector
    runs; of several that run, one ticks and the others stand by. pg_cron, or
    anything that can run SQL, will do as well: select penstock.tick().

    \b
      penstock tick                 until Ctrl-C, each view as often as its model says
      penstock tick --every 500ms   all of them, twice a second
      penstock tick --once          once, say from cron
    """
    url = Settings().require_database_url()
    ensure_control_plane(url)
    if once:
        with closing(connect(url)) as connection:
            connection.autocommit = True
            click.echo(f"{ticking.tick_once(connection)} clocks moved")
        return
    log_to(Console(stderr=True), logging.INFO)
    ticking.run(url, stop_on_signals(), every)
