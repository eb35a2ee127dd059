"""`penstock demo`."""

import click

from penstock.demo.run import MESSAGES, run
from penstock.settings import Settings


@click.command("demo")
@click.option(
    "--messages",
    type=click.IntRange(min=1),
    default=MESSAGES,
    show_default=True,
    help="How many messages to stream.",
)
def command(*, messages: int) -> None:
    """Stream a dirty sample through Kafka and watch the profiles appear.

    Starts the services as `penstock up` does, runs dbt, produces the bundled
    sample (redeliveries, late events, broken JSON, rule breakers, several
    devices a person) and connects it, with a line that shows rate, lag and
    freshness. Then it prints what was accepted, quarantined and refused, three
    profiles, and the psql command to look around.

    Takes under three minutes, needs no account and no network once installed,
    and can be run again. Without Java or Maven an in-process broker stands in.
    """
    run(Settings(), messages)
