"""What a change reads: the partition it touches, or the first rows in order, not the table."""

import psycopg
import pytest

from penstock.testing import assert_all_maintained
from penstock.testing.services import Database
from penstock_ivm import PsycopgSession, View, deploy

TABLES = """
create table accounts (account int primary key, region text not null);
create table moves (id int primary key, account int, at int, amount numeric);
create table notes (account int, note int);
create table logged (account int, note float8);
"""
ACCOUNTS, ROWS = 500, 5_000
VIEWS = {
    "running": "select id, sum(amount) over (partition by account order by at, id) as so_far,"
    " lag(at) over (partition by account order by at, id) as before from moves",
    "keyless": "select note, count(*) over (partition by account) as n from notes",
    "of_a_log": "select note, rank() over (partition by account order by note) as n from logged",
    "sums_of_a_log": "select account, sum(note) as total from logged group by account",
    "first_of_a_log": "select account, note from logged order by note, account limit 3",
    "two_partitions": "select id, rank() over (partition by account order by amount) as a,"
    " count(*) over (partition by account, at) as b from moves",
    "joined": "select m.id, a.region, sum(m.amount) over (partition by a.account) as total"
    " from moves as m join accounts as a on a.account = m.account",
    "keys_of_two_tables": "select m.id, rank() over (partition by a.account, m.at order by m.id)"
    " as place from moves as m join accounts as a on a.account = m.account",
    "of_groups": "select account, at, rank() over (partition by account order by sum(amount) desc)"
    " as place from moves group by account, at",
    "best": "select id, amount from moves order by amount desc nulls last, id limit 10 offset 5",
    "newest": "select id, amount from moves order by id desc limit 10",
    "best_of_some": "select id from moves where account > 490 order by amount, id limit 10",
    "first_of_some": "select id from moves where account > 490 order by id limit 10",
    "best_joined": "select m.id, a.region from moves as m"
    " join accounts as a on a.account = m.account order by m.amount, m.id limit 10",
    "best_of_two": "select amount::int as n from moves union all select note from notes"
    " order by 1 desc nulls last limit 7",
    "best_groups": "select account, sum(amount) as total from moves group by account"
    " order by sum(amount) desc nulls last, account limit 5",
    "first_three": "select id, n from (select id, row_number() over (partition by account"
    " order by amount desc, id) as n from moves) as r where n <= 3",
    "first_by_key": "select id, n from (select id, row_number() over (partition by account, at"
    " order by id desc) as n from moves) as r where n <= 2",
    "ties": "select id, n from (select id, rank() over (partition by account order by at) as n"
    " from moves) as r where n <= 2",
}
CHANGES = (
    "insert into moves values (-1, 7, 1, 100000)",
    "update moves set amount = -5 where id = -1",
    "update moves set account = 8 where id = -1",
    "delete from moves where id = -1",
    "insert into notes values (7, 1), (7, 1)",
    "insert into logged values (7, 1.5), (7, 1.5)",
    "update accounts set region = 'x' where account = 7",
)
# Ten rows a partition, read and compared once or twice; the tables have thousands.
MOST = 250


@pytest.mark.parametrize(("name", "query"), VIEWS.items(), ids=VIEWS)
def test_a_change_reads_what_it_touches(database: Database, name: str, query: str) -> None:
    connection = database.connection
    connection.execute(TABLES)
    with connection.transaction():
        view = View("public", name, query, name, append_only=frozenset([("public", "logged")]))
        deploy(PsycopgSession(connection), view)
    # Plans are made and kept while there is next to nothing to read.
    for _ in range(6):
        for change in CHANGES:
            connection.execute(change.encode())
        connection.execute("delete from notes")
        connection.execute("delete from logged")
    connection.execute(
        "insert into accounts select i, 'r' from generate_series(1, %s) as i", (ACCOUNTS,)
    )
    connection.execute(
        "insert into moves select i, i %% %s, i %% 7, (i * 7919) %% 10007"
        " from generate_series(1, %s) as i",
        (ACCOUNTS, ROWS),
    )
    for table in (b"notes", b"logged"):
        connection.execute(
            b"insert into %b select i %% %d, i %% 13 from generate_series(1, %d) as i"
            % (table, ACCOUNTS, ROWS)
        )
    read = {change: _rows_read(connection, change) for change in CHANGES}
    assert {change: n for change, n in read.items() if n > MOST} == {}
    assert assert_all_maintained(connection) == 1


def test_a_view_that_only_grows_costs_no_index_to_look_again(database: Database) -> None:
    connection = database.connection
    connection.execute("create table seen (id text, device text, off int primary key)")
    first = "select distinct on (id) id, device, off from seen order by id, off"
    counted = "select device, min(off) as first_off from firsts group by device"
    with connection.transaction():
        deploy(PsycopgSession(connection), View("public", "firsts", first))

    def indexes(promised: bool) -> int:
        growing = frozenset([("public", "firsts")] if promised else [])
        with connection.transaction(force_rollback=True):
            deploy(PsycopgSession(connection), View("public", "d", counted, append_only=growing))
            ((found,),) = connection.execute(
                "select count(*)::int from pg_indexes where tablename like 'firsts%'"
            ).fetchall()
        return int(found)

    assert (indexes(promised=False), indexes(promised=True)) == (2, 1)


def _rows_read(connection: psycopg.Connection, change: str) -> int:
    """The rows of tables and state that one change reads, its own look-up included."""
    counted = (
        "select coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)::int"
        " from pg_stat_xact_user_tables where schemaname in ('public', 'penstock_state')"
    )
    with connection.transaction():
        # What the session has not reported yet of earlier transactions counts too.
        ((before,),) = connection.execute(counted.encode()).fetchall()
        connection.execute(change.encode())
        ((after,),) = connection.execute(counted.encode()).fetchall()
    return int(after) - int(before)
