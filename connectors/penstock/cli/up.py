"""`penstock up`."""

import click

from penstock.control import without_password
from penstock.services.project import Started, start_services
from penstock.settings import Settings


@click.command("up")
def command() -> None:
    r"""Start PostgreSQL and Kafka, or attach to them, and keep them running.

    Run it as often as you like: what runs already stays as it is. The servers
    outlive the command; `penstock down` stops them. Data lives in .penstock/
    and survives.

    With PENSTOCK_DATABASE_URL or PENSTOCK_KAFKA_BOOTSTRAP set, that database
    or broker is used instead, and only the control plane (schema `penstock`)
    is brought up in it.

    \b
    Afterwards:
      dbt run             build the models
      penstock connect    read Kafka into them
      penstock status     see how far it is
    """
    started = start_services(Settings())
    for name, value in lines(started):
        click.echo(f"{name:<12}{value}")


def lines(started: Started) -> list[tuple[str, str]]:
    """Return what a user wants to know of running services: name and value, a line each."""
    services, server, broker = started.services, started.server, started.broker
    if server is None:
        shown = [("database", f"{without_password(services.database_url)} (yours)")]
    else:
        version = f"PostgreSQL {server.binaries.version}"
        shown = [
            ("database", f"{services.database_url}  ({version}, process {server.pid})"),
            ("data", str(server.data_dir)),
        ]
    if broker is not None:
        shown.append(("kafka", f"{broker.bootstrap}  (process {broker.pid})"))
    elif started.broker_missing is not None:
        missing = started.broker_missing
        shown.append(("kafka", f"none: {missing.primary}; {missing.hint}"))
    else:
        shown.append(("kafka", f"{services.kafka_bootstrap} (yours)"))
    shown.append(("look around", started.psql))
    return shown
