"""Deploying, changing, rebuilding and dropping views while others read and write."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable

import psycopg
import pytest

from penstock.services.cluster import SUPERUSER
from penstock.testing import assert_all_maintained
from penstock.testing.services import Database
from penstock_ivm import Index, Outcome, PsycopgSession, Unmaintainable, View, deploy, drop, repair

TABLES = """
create table orders (order_id int primary key, customer_id int, amount int);
create table customers (customer_id int primary key, name text);
insert into customers values (1, 'Ada'), (2, 'Bob');
insert into orders values (10, 1, 5), (11, 1, 7), (12, 2, 1);
"""
TOTALS = "select customer_id, sum(amount) as total from orders group by customer_id"
NAMED = "select c.name, t.total from totals as t join customers as c using (customer_id)"
WAIT_SECONDS = 10.0


@pytest.fixture
def shop(database: Database) -> Database:
    database.connection.execute(TABLES)
    put(database, "totals", TOTALS)
    put(database, "named", NAMED)
    return database


def put(database: Database, name: str, query: str, *, rebuild: bool = False) -> Outcome:
    connection = database.connection
    with connection.transaction():
        view = View("public", name, query, path=f"{name}.sql")
        return deploy(PsycopgSession(connection), view, rebuild=rebuild)


def rows(database: Database, query: str) -> list[tuple[object, ...]]:
    return database.connection.execute(query).fetchall()


def state(database: Database) -> list[tuple[object, ...]]:
    """Everything the engine made: relations, triggers, functions."""
    return rows(
        database,
        "select relname::text, relkind::text from pg_class"
        " where relnamespace = 'penstock_state'::regnamespace and relkind <> 'S'"
        " union all select proname, 'f' from pg_proc"
        "   where pronamespace = 'penstock_state'::regnamespace"
        " union all select tgname || ' ' || tgrelid::regclass, 't' from pg_trigger"
        "   where tgname like 'penstock\\_0%' order by 1, 2",
    )


def test_the_same_model_again_does_nothing(shop: Database) -> None:
    before = state(shop)
    again = "\n\nselect customer_id,sum( amount ) as total\nfrom public.orders group by 1"
    assert put(shop, "totals", again) is Outcome.UNCHANGED
    assert put(shop, "named", NAMED + ";") is Outcome.UNCHANGED
    assert state(shop) == before


def test_what_is_unchanged_is_told_without_the_compiler(shop: Database) -> None:
    """Half a second of imports: `dbt run` with nothing to do goes without."""
    script = f"""
import sys
import psycopg
from penstock_ivm import Outcome, PsycopgSession, View, deploy
with psycopg.connect({shop.url!r}) as connection:
    session = PsycopgSession(connection)
    assert deploy(session, View("public", "totals", {TOTALS!r})) is Outcome.UNCHANGED
assert "sqlglot" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", script], check=True)


def test_a_view_below_that_was_only_renamed_builds_nothing(shop: Database) -> None:
    shop.connection.execute("create view paid as select * from orders where amount > 1")
    query = "select p.customer_id, count(*) as n from paid as p group by p.customer_id"
    assert put(shop, "counted", query) is Outcome.CREATED
    before = state(shop)
    shop.connection.execute("alter view paid rename to settled")
    for _ in range(2):
        assert put(shop, "counted", query.replace("paid as", "settled as")) is Outcome.UNCHANGED
    assert state(shop) == before


def test_a_function_that_is_immutable_no_more_is_noticed(shop: Database) -> None:
    connection = shop.connection
    connection.execute(
        "create function twice(int) returns int language sql immutable as 'select 2 * $1'"
    )
    query = "select order_id, twice(amount) as amount from orders"
    assert put(shop, "doubled", query) is Outcome.CREATED
    assert put(shop, "doubled", query) is Outcome.UNCHANGED
    connection.execute("alter function twice(int) volatile")
    with pytest.raises(Unmaintainable, match="volatile"):
        put(shop, "doubled", query)


def test_queries_nested_three_deep_are_deployed(shop: Database) -> None:
    """What the server is asked grows with the plan, not with what its stages read in turn."""
    query = """
        select not o.order_id in (
            select p.customer_id
            from orders as p
            join (select distinct customer_id, order_id from orders) as d using (customer_id)
            where
                p.order_id = any (
                    select 2
                    from orders as q
                    join customers as c on q.customer_id = c.customer_id
                    where d.order_id >= p.amount
                )
                or not d.order_id in (
                    select r.customer_id from orders as r where not (not o.amount <> d.order_id)
                )
        ) as is_apart
        from orders as o
    """
    assert put(shop, "apart", query) is Outcome.CREATED
    assert_all_maintained(shop.connection)


def test_a_changed_model_takes_its_readers_along(shop: Database) -> None:
    changed = TOTALS.replace("from orders", "from orders where amount > 1")
    assert put(shop, "totals", changed) is Outcome.REPLACED
    assert sorted(rows(shop, "select * from named")) == [("Ada", 12)]
    shop.connection.execute("insert into orders values (13, 2, 9)")
    assert sorted(rows(shop, "select * from named")) == [("Ada", 12), ("Bob", 9)]
    assert_all_maintained(shop.connection)


def test_columns_may_come_and_change_their_type(shop: Database) -> None:
    shop.connection.execute("create view on_top as select total from totals where total > 1")
    more = TOTALS.replace("sum(amount)", "count(*) as orders, sum(amount::numeric)")
    assert put(shop, "totals", more) is Outcome.REPLACED
    assert sorted(rows(shop, "select * from named")) == [("Ada", 12), ("Bob", 1)]
    assert rows(shop, "select pg_typeof(total)::text from on_top") == [("numeric",)]
    assert_all_maintained(shop.connection)


def test_a_view_that_is_replaced_keeps_what_it_had(shop: Database) -> None:
    """Columns go and come, so the view is another one; what stood on it is told again."""
    connection = shop.connection
    with psycopg.connect(shop.server.url_for(SUPERUSER, shop.name), autocommit=True) as superuser:
        superuser.execute("drop role if exists analyst")
        superuser.execute("create role analyst")
    try:
        connection.execute(
            """
            grant select on totals to analyst with grant option;
            grant select (customer_id) on totals to public;
            comment on view totals is 'It''s all';
            comment on column totals.total is 'of everything';
            create view on_top with (security_barrier) as select total from totals where total > 1;
            grant select on on_top to analyst;
            comment on column on_top.total is 'more than 1';
            create view on_top_of_that as select max(total) as most from on_top;
            create function noted() returns trigger language plpgsql as 'begin return new; end';
            create trigger writes instead of insert on on_top for each row execute function noted();
            """
        )
        before = beside(shop)
        put(shop, "totals", TOTALS.replace("sum(amount)", "count(*) as orders, sum(amount)"))
        assert beside(shop) == before
        assert rows(shop, "select most from on_top_of_that") == [(12,)]
        connection.execute("create materialized view polled as select total from totals")
        with pytest.raises(Unmaintainable, match="what is not a plain view depends") as told:
            put(shop, "totals", TOTALS)
        assert "materialized view polled depends on view totals" in str(told.value.detail)
        connection.execute("drop materialized view polled")
        with pytest.raises(Unmaintainable, match='on_top" reads them as they were'):
            put(shop, "totals", TOTALS.replace("sum(amount)", "array[sum(amount)]"))
        assert beside(shop) == before
        assert_all_maintained(connection)
    finally:
        connection.execute("drop view if exists on_top, on_top_of_that")
        with psycopg.connect(
            shop.server.url_for(SUPERUSER, shop.name), autocommit=True
        ) as superuser:
            superuser.execute("drop owned by analyst")
            superuser.execute("drop role analyst")


def beside(database: Database) -> list[tuple[object, ...]]:
    """What the views have beside their SELECT."""
    return rows(
        database,
        "select c.relname, c.relacl::text, c.reloptions, pg_get_userbyid(c.relowner),"
        " array(select (a.attname, a.attacl::text, col_description(c.oid, a.attnum))::text"
        "  from pg_attribute as a where a.attrelid = c.oid and a.attname <> 'orders' order by 1),"
        " obj_description(c.oid), array(select pg_get_triggerdef(t.oid) from pg_trigger as t"
        "  where t.tgrelid = c.oid)"
        " from pg_class as c where c.relname in ('totals', 'on_top', 'on_top_of_that') order by 1",
    )


def test_other_indexes_leave_the_state_alone(shop: Database) -> None:
    def wanted(*indexes: Index) -> Outcome:
        with shop.connection.transaction():
            view = View("public", "totals", TOTALS, indexes=indexes)
            return deploy(PsycopgSession(shop.connection), view)

    def filenode() -> list[tuple[object, ...]]:
        return rows(
            shop,
            "select pg_relation_filenode(format('penstock_state.%I', state_table)) from"
            " penstock.views order by view_name",
        )

    before, built = state(shop), filenode()
    assert wanted(Index(("total",))) is Outcome.INDEXED
    assert wanted(Index(("total",))) is Outcome.UNCHANGED
    assert wanted(Index(("customer_id", "total"), unique=True), Index(("total",), type="hash"))
    assert len(state(shop)) == len(before) + 2
    with pytest.raises(Unmaintainable, match="index on nothing"):
        wanted(Index(("nothing",)))
    assert wanted() is Outcome.INDEXED
    assert state(shop) == before
    assert filenode() == built
    assert_all_maintained(shop.connection)


def test_nothing_is_left_of_what_was_replaced_or_dropped(shop: Database) -> None:
    before = state(shop)
    put(shop, "totals", TOTALS + " having count(*) > 1")
    put(shop, "totals", TOTALS)
    assert len(state(shop)) == len(before)
    for name in ("named", "totals"):
        with shop.connection.transaction():
            drop(PsycopgSession(shop.connection), "public", name)
    assert state(shop) == []
    shop.connection.execute("insert into orders values (13, 2, 9)")


def test_what_others_read_is_not_dropped(shop: Database) -> None:
    with pytest.raises(Unmaintainable, match="read by maintained views"):
        drop(PsycopgSession(shop.connection), "public", "totals")


def test_a_view_cannot_read_itself(shop: Database) -> None:
    with pytest.raises(Unmaintainable, match="reads itself"):
        put(shop, "totals", "select t.customer_id, n.total from totals as t, named as n")
    assert_all_maintained(shop.connection)


def test_a_deploy_that_is_rolled_back_never_was(shop: Database) -> None:
    before = state(shop)
    with shop.connection.transaction(force_rollback=True):
        session = PsycopgSession(shop.connection)
        deploy(session, View("public", "totals", TOTALS + " having count(*) > 1"))
        deploy(session, View("public", "other", "select name from customers where name > 'A'"))
    assert state(shop) == before
    shop.connection.execute("insert into orders values (13, 2, 9)")
    assert_all_maintained(shop.connection)


def test_readers_find_the_view_all_the_time(shop: Database) -> None:
    stop, errors, seen = threading.Event(), [], set()

    def read() -> None:
        with shop.connect() as reader:
            while not stop.is_set():
                try:
                    seen.add(reader.execute("select count(*) from named").fetchone())
                except psycopg.Error as error:
                    errors.append(error)

    thread = in_background(read)
    for _ in range(3):
        put(shop, "totals", TOTALS + " having count(*) > 1")
        put(shop, "totals", TOTALS)
    stop.set()
    thread.join(WAIT_SECONDS)
    assert errors == []
    assert seen <= {(1,), (2,)}, "before or after, and nothing between"


def test_repair_mends_a_view_and_its_readers(shop: Database) -> None:
    (table,) = rows(shop, "select state_table from penstock.views where view_name = 'totals'")[0]
    name = f"penstock_state.{table.rpartition('.')[2]}"  # type: ignore[attr-defined]
    shop.connection.execute(f"alter table {name} disable trigger user")
    shop.connection.execute(f"truncate {name}")
    with shop.connection.transaction():
        repair(PsycopgSession(shop.connection), "public", "totals")
    assert_all_maintained(shop.connection)
    assert rows(shop, "select count(*) from totals") == [(2,)]


def test_one_more_view_joins_two_pipelines(shop: Database) -> None:
    shop.connection.execute("create table visits (customer_id int, page text)")
    put(shop, "pages", "select page, count(*) as visits from visits group by page")
    put(shop, "seen", "select v.page, n.name, t.total from visits as v join totals as t"
        " using (customer_id) join named as n on n.total = t.total")  # fmt: skip
    shop.connection.execute(
        "with v as (insert into visits values (1, 'home'), (2, 'home') returning 1)"
        " insert into orders values (14, 2, 100)"
    )
    assert_all_maintained(shop.connection)
    assert len(rows(shop, "select * from seen")) == 2


def test_a_table_may_gain_a_column_and_lose_one_that_nobody_reads(shop: Database) -> None:
    shop.connection.execute("alter table orders add column note text default 'none'")
    shop.connection.execute("insert into orders values (13, 2, 9, 'x')")
    with_note = "select order_id, note from orders where note <> 'none'"
    put(shop, "noted", with_note)
    shop.connection.execute(
        "with o as (update orders set note = 'y' returning 1)"
        " update customers set name = name || '!'"
    )
    assert_all_maintained(shop.connection)
    with shop.connection.transaction():
        drop(PsycopgSession(shop.connection), "public", "noted")
    shop.connection.execute("alter table orders drop column note")
    shop.connection.execute(
        "with o as (delete from orders where order_id = 10 returning 1) delete from customers"
    )
    shop.connection.execute("truncate orders, customers")
    assert_all_maintained(shop.connection)


def in_background(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def until_blocked(watcher: psycopg.Connection, pid: int) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while watcher.execute("select cardinality(pg_blocking_pids(%s))", (pid,)).fetchone() == (0,):
        assert time.monotonic() < deadline, "nobody waits"
        time.sleep(0.005)


def test_a_writer_that_comes_during_a_deploy_is_in_the_view(shop: Database) -> None:
    with shop.connect() as writer, shop.connect() as watcher:
        with shop.connection.transaction():
            deploy(
                PsycopgSession(shop.connection),
                View("public", "names", "select distinct name from customers"),
            )
            thread = in_background(lambda: writer.execute("insert into customers values (3, 'Cy')"))
            until_blocked(watcher, writer.info.backend_pid)
        thread.join(WAIT_SECONDS)
    assert_all_maintained(shop.connection)
    assert rows(shop, "select count(*) from names") == [(3,)]


def test_a_deploy_waits_for_a_writer_and_has_its_rows(shop: Database) -> None:
    with shop.connect() as writer, shop.connect() as watcher:
        writer.execute("begin")
        writer.execute("insert into customers values (3, 'Cy')")
        thread = in_background(lambda: put(shop, "names", "select distinct name from customers"))
        until_blocked(watcher, shop.connection.info.backend_pid)
        writer.execute("commit")
        thread.join(WAIT_SECONDS)
    assert rows(shop, "select count(*) from names") == [(3,)]
    assert_all_maintained(shop.connection)


def test_a_snapshot_older_than_a_deploy_cannot_write(shop: Database) -> None:
    with shop.connect() as writer:
        writer.execute("begin isolation level repeatable read")
        writer.execute("select count(*) from customers")
        put(shop, "names", "select distinct name from customers")
        with pytest.raises(psycopg.errors.SerializationFailure):
            writer.execute("insert into customers values (3, 'Cy')")
    assert_all_maintained(shop.connection)


class TestColumnsThatOthersRead:
    """A model loses a column before its readers, changed with it, are built."""

    RENAMED = "select customer_id, sum(amount) as spent from orders group by customer_id"
    NAMED_ANEW = NAMED.replace("t.total", "t.spent")

    @pytest.fixture
    def renamed(self, shop: Database) -> Database:
        shop.connection.execute("grant select on totals to public")
        shop.connection.execute("comment on view totals is 'What each spent.'")
        shop.connection.execute("create view on_top as select max(total) as most from totals")
        put(shop, "of_named", "select count(*) as n from named where total > 5")
        assert put(shop, "totals", self.RENAMED) is Outcome.REPLACED
        return shop

    def test_readers_stay_right_on_the_old_version(self, renamed: Database) -> None:
        renamed.connection.execute("insert into orders values (13, 2, 30)")
        assert rows(renamed, "select customer_id, spent from totals order by 1") == [
            (1, 12),
            (2, 31),
        ]
        assert rows(renamed, "select name, total from named order by 1") == [
            ("Ada", 12),
            ("Bob", 31),
        ]
        assert rows(renamed, "select most from on_top") == [(31,)]
        assert rows(renamed, "select n from of_named") == [(2,)]
        assert_all_maintained(renamed.connection)
        assert len(rows(renamed, "select 1 from penstock.views")) == 4

    def test_the_new_version_has_the_grants_and_comments_of_the_old(
        self, renamed: Database
    ) -> None:
        assert rows(
            renamed,
            "select has_table_privilege('public', 'totals', 'select'),"
            " obj_description('totals'::regclass)",
        ) == [(True, "What each spent.")]

    def test_it_goes_with_its_last_reader(self, renamed: Database) -> None:
        retired = (
            "select view_name from penstock.views where schema_name = 'penstock_state' order by 1"
        )
        assert put(renamed, "named", self.NAMED_ANEW) is Outcome.REPLACED
        assert rows(renamed, retired) == [("named__retired",), ("totals__retired",)]
        put(renamed, "of_named", "select count(*) as n from named where spent > 5")
        assert rows(renamed, retired) == [("totals__retired",)]
        renamed.connection.execute("drop view on_top")
        put(renamed, "of_named", "select count(*) as n from named where spent > 6")
        assert rows(renamed, retired) == []
        assert_all_maintained(renamed.connection)

    def test_a_reader_can_be_repaired_on_it(self, renamed: Database) -> None:
        with renamed.connection.transaction():
            repair(PsycopgSession(renamed.connection), "public", "named")
        assert_all_maintained(renamed.connection)
        assert len(rows(renamed, "select 1 from penstock.views")) == 4

    def test_an_unchanged_reader_moves_to_the_new_version(self, shop: Database) -> None:
        put(shop, "few", "select customer_id from totals where customer_id < 2")
        put(shop, "totals", self.RENAMED)
        assert put(shop, "few", "select customer_id from totals where customer_id < 2") is (
            Outcome.REPLACED
        )
        put(shop, "named", self.NAMED_ANEW)
        assert rows(shop, "select schema_name from penstock.views group by 1") == [("public",)]
        assert_all_maintained(shop.connection)

    def test_readers_of_other_columns_are_built_on_the_new_version_at_once(
        self, shop: Database
    ) -> None:
        put(shop, "totals", TOTALS.replace("sum(amount)", "count(*) as orders, sum(amount)"))
        with shop.connection.transaction():
            drop(PsycopgSession(shop.connection), "public", "named")
        put(shop, "few", "select customer_id from totals where customer_id < 2")
        put(shop, "totals", self.RENAMED)
        assert rows(shop, "select schema_name from penstock.views group by 1") == [("public",)]
        assert_all_maintained(shop.connection)

    def test_a_type_that_a_reader_cannot_take_is_refused(self, shop: Database) -> None:
        put(shop, "large", "select customer_id from totals where total > 5")
        with pytest.raises(Unmaintainable, match="large reads them as they were"):
            put(shop, "totals", TOTALS.replace("sum(amount)", "array[sum(amount)]"))
        assert_all_maintained(shop.connection)

    def test_the_clock_of_a_reader_goes_on(self, shop: Database) -> None:
        shop.connection.execute("create table seen (customer_id int primary key, at timestamptz)")
        shop.connection.execute("insert into seen values (1, now()), (2, '2001-01-01')")
        put(
            shop,
            "lately",
            "select total from totals join seen using (customer_id)"
            " where at > now() - interval '1 day'",
        )
        put(shop, "totals", self.RENAMED)
        shop.connection.execute("update seen set at = now()")
        assert rows(shop, "select total from lately order by 1") == [(1,), (12,)]
        assert_all_maintained(shop.connection)

    def test_a_view_that_may_be_suspended_keeps_them(self, shop: Database) -> None:
        def with_(query: str) -> Outcome:
            with shop.connection.transaction():
                view = View("public", "totals", query, on_error="suspend")
                return deploy(PsycopgSession(shop.connection), view)

        with_(TOTALS)
        with pytest.raises(Unmaintainable, match="cannot lose columns that others read") as error:
            with_(self.RENAMED)
        assert str(error.value.detail).endswith("total")
        assert_all_maintained(shop.connection)
