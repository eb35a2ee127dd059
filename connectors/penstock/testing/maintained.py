"""`assert_maintained`: a maintained view is what its own SELECT gives, to the last digit."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import psycopg
from psycopg import sql

from penstock.testing.differential import fixed_settings
from penstock_ivm import PsycopgSession, verify

SHOWN = 12


# The maintained views at or under a view, through plain views only.
_READ = """
with recursive reached (oid) as (
    select to_regclass(format('%%I.%%I', %(schema)s::text, %(name)s::text))::oid
    union
    select d.refobjid
    from reached
    join pg_catalog.pg_rewrite as r on r.ev_class = reached.oid
    join pg_catalog.pg_depend as d
        on d.objid = r.oid and d.classid = 'pg_catalog.pg_rewrite'::regclass
        and d.refclassid = 'pg_catalog.pg_class'::regclass
    join pg_catalog.pg_class as c on c.oid = d.refobjid and c.relkind = 'v'
)
select n.nspname::text, c.relname::text
from reached
join pg_catalog.pg_class as c on c.oid = reached.oid
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
join penstock.views as v on v.schema_name = n.nspname and v.view_name = c.relname
order by 1, 2
"""


class NotMaintained(AssertionError):
    """A maintained view that is not what its SELECT gives; says which rows differ."""


def assert_maintained(connection: psycopg.Connection, view: str) -> None:
    """Compare a view with its own SELECT, both ways, as bags of rows as a reader sees them.

    view: its name, `profiles` or `public.profiles`. A plain view is right when the maintained
    views that it reads are; there must be one. Reads one snapshot, within the caller's
    transaction if one is open, and changes neither data nor settings. Raises NotMaintained.

        def test_profiles_follow_the_events(database):
            load_rows(database.connection, "landed_events", rows)
            assert_maintained(database.connection, "public.profiles")
    """
    schema, name = _parts(view)
    read = connection.execute(_READ, {"schema": schema, "name": name}).fetchall()
    # Where there is none, verify says so.
    for one in read or [(schema, name)]:
        _assert_equal(connection, *one)


def _assert_equal(connection: psycopg.Connection, schema: str, name: str) -> None:
    with fixed_settings(connection):
        differences = verify(PsycopgSession(connection), schema, name)
    if differences:
        lines = [f"{schema}.{name} is not what its SELECT gives"]
        lines += [f"  {d.side} {d.times} x {d.row}" for d in differences[:SHOWN]]
        if len(differences) > SHOWN:
            lines.append(f"  and {len(differences) - SHOWN} more")
        raise NotMaintained("\n".join(lines))


def assert_all_maintained(connection: psycopg.Connection) -> int:
    """Compare every maintained view of the database; return how many there are."""
    rows = connection.execute("select schema_name, view_name from penstock.views").fetchall()
    for schema, name in rows:
        assert_maintained(connection, f"{schema}.{name}")
    return len(rows)


def load_rows(
    connection: psycopg.Connection,
    table: str,
    rows: Iterable[Sequence[Any] | Mapping[str, Any]],
) -> int:
    """Copy rows into a table in one statement; return how many.

    rows: all sequences, of the table's first columns in its own order, or all mappings by column
    name, with the same names.
    """
    listed = list(rows)
    target = sql.Identifier(*_parts(table))
    if not listed:
        return 0
    if isinstance(listed[0], Mapping):
        names = list(listed[0])
    else:
        described = connection.execute(sql.SQL("select * from {} limit 0").format(target))
        names = [column.name for column in described.description or ()][: len(listed[0])]
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    statement = sql.SQL("copy {} ({}) from stdin").format(target, columns)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in listed:
            copy.write_row([row[n] for n in names] if isinstance(row, Mapping) else row)
    return len(listed)


def _parts(name: str) -> tuple[str, str]:
    """Split `schema.name`; a bare name is in schema public."""
    schema, _, bare = name.rpartition(".")
    return schema or "public", bare
