"""`penstock repair`."""

import click
import psycopg

from penstock.cli.selection import selected_views
from penstock.control import connect, ensure_control_plane
from penstock.settings import Settings
from penstock_ivm import repair
from penstock_ivm.session import PsycopgSession


@click.command("repair")
@click.argument("models", nargs=-1, required=True, metavar="MODEL...")
def command(models: tuple[str, ...]) -> None:
    r"""Compute maintained views anew from their SELECT.

    For a view that `penstock verify` found wrong. Writers of its inputs wait
    until it is done; readers see the old rows until then.

    \b
      penstock repair profiles
    """
    url = Settings().require_database_url()
    ensure_control_plane(url)
    with connect(url) as connection:
        for schema, name in selected_views(connection, models):
            click.echo(f"{schema}.{name}: {price(connection, schema, name)}")
            with connection.transaction():
                repair(PsycopgSession(connection), schema, name)
            click.echo(f"{schema}.{name}: computed anew")


PRICE = """
select
    coalesce(sum(greatest(c.reltuples, 0)), 0)::bigint,
    coalesce(string_agg(base ->> 0 || '.' || (base ->> 1), ', ' order by base), 'nothing'),
    (
        select string_agg(r.schema_name || '.' || r.view_name, ', ' order by 1)
        from penstock.views as r
        where exists (
            select from jsonb_array_elements_text(r.definition -> 'state_inputs') as read (name)
            where v.definition -> 'stages' @> jsonb_build_array(
                jsonb_build_object('table', read.name)
            )
        )
    )
from penstock.views as v
cross join jsonb_array_elements(v.definition -> 'bases') as base
left join pg_class as c on c.oid = to_regclass(format('%%I.%%I', base ->> 0, base ->> 1))
where v.schema_name = %s and v.view_name = %s
group by v.schema_name, v.view_name, v.definition
"""


def price(connection: psycopg.Connection, schema: str, name: str) -> str:
    """Say what building a view again costs, and whom it holds up."""
    [(rows, bases, readers)] = connection.execute(PRICE, (schema, name)).fetchall()
    connection.rollback()
    told = f"reads {rows:,} rows (estimate) of {bases}; writers of it wait, readers do not"
    return f"{told}; with it {readers}, and what reads those" if readers else told
