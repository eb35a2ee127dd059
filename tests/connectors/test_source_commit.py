"""The exactly-once core against a server: fencing, refused rows, dead letters. No Kafka."""

import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg import errors

from penstock.sources import refusal
from penstock.sources.batch import Batch, Limits, Place
from penstock.sources.commit import commit
from penstock.sources.decode import READ_AT_MOST, Message, Row
from penstock.sources.landing import Landing, read_subscriptions
from penstock.sources.offsets import FencedError, Lost, begin, read_offsets, record_loss
from penstock.sources.refusal import land
from penstock.testing.services import Database
from penstock.testing.streams import Topic
from penstock_ivm import PsycopgSession, View, deploy

PLACE = Place("events", 0)


@pytest.fixture
def landings(database: Database) -> dict[str, Landing]:
    Topic("no broker", "events").subscribe(database.connection)
    begin(database.connection, PLACE, 0)
    usable, refused = read_subscriptions(database.connection)
    assert refused == {}
    return usable


def batch_of(
    *values: bytes | None, start: int = 0, key: bytes | None = None, place: Place = PLACE
) -> Batch:
    batch = Batch(Limits())
    messages = [
        Message(*place, start + number, 1_700_000_000_000, key, value, [("h", b"1")])
        for number, value in enumerate(values)
    ]
    batch.add(messages, {place: start}, now=0.0)
    return batch


def landed(connection: psycopg.Connection) -> list[int]:
    rows = connection.execute("select kafka_offset from landed_events order by 1")
    return [row[0] for row in rows]


def letters(connection: psycopg.Connection) -> dict[int, str]:
    return dict(connection.execute('select "offset", error from penstock.dead_letters').fetchall())


def stored(connection: psycopg.Connection) -> int:
    return read_offsets(connection, [PLACE])[PLACE]


def test_rows_dead_letters_and_offsets_go_together(
    database: Database, landings: dict[str, Landing]
) -> None:
    assert commit(database.connection, landings, batch_of(b'{"a": 1}', b"oops", None, b"{}")) == 2

    assert landed(database.connection) == [0, 3]
    assert letters(database.connection) == {
        1: "not JSON: unexpected character, expected a JSON value: line 1 column 1 (char 0)",
        2: "no value (a tombstone)",
    }
    assert stored(database.connection) == 4


def test_a_dead_letter_is_kept_as_it_came(database: Database, landings: dict[str, Landing]) -> None:
    commit(database.connection, landings, batch_of(b"\x00\xff", key=b"k\x00"))

    got = database.connection.execute(
        "select topic, partition, payload, key, headers, extract(epoch from kafka_timestamp)::int,"
        " received_at is not null from penstock.dead_letters"
    ).fetchone()
    headers = [{"key": "h", "value": "1"}]
    assert got == ("events", 0, b"\x00\xff", b"k\x00", headers, 1_700_000_000, True)


def test_a_zombie_consumer_cannot_commit(database: Database, landings: dict[str, Landing]) -> None:
    zombies = batch_of(b'{"by": "zombie"}', b'{"by": "zombie"}')
    commit(database.connection, landings, batch_of(b'{"by": "heir"}'))

    with database.connect() as other, pytest.raises(FencedError):
        commit(other, landings, zombies)

    by = database.connection.execute("select payload->>'by' from landed_events").fetchall()
    assert by == [("heir",)]
    assert stored(database.connection) == 1


def test_one_lost_partition_abandons_the_whole_batch(
    database: Database, landings: dict[str, Landing]
) -> None:
    second = Place("events", 1)
    begin(database.connection, second, 5)
    batch = batch_of(b"{}")
    batch.add(
        [Message("events", 1, 4, 0, None, b"{}", None)], {PLACE: 0, second: 4}, now=0.0
    )  # the store says 5

    with pytest.raises(FencedError):
        commit(database.connection, landings, batch)

    assert landed(database.connection) == []
    assert read_offsets(database.connection, [PLACE, second]) == {PLACE: 0, second: 5}


def test_an_offset_that_is_not_stored_fences_too(
    database: Database, landings: dict[str, Landing]
) -> None:
    database.connection.execute("delete from penstock.source_offsets")

    with pytest.raises(FencedError):
        commit(database.connection, landings, batch_of(b"{}"))


def test_what_only_the_server_can_refuse_becomes_a_dead_letter(
    database: Database, landings: dict[str, Landing]
) -> None:
    poison = b'{"a": [' + b"1," * (READ_AT_MOST // 2) + b"oops]}"
    values = [b"{}"] * 40
    values[3] = values[29] = values[30] = poison

    assert commit(database.connection, landings, batch_of(*values)) == 3

    want = 'invalid input syntax for type json; Token "oops" is invalid.'
    assert letters(database.connection) == {3: want, 29: want, 30: want}
    assert landed(database.connection) == [n for n in range(40) if n not in {3, 29, 30}]
    assert stored(database.connection) == 40


def test_the_line_that_copy_names_spares_most_of_the_search(
    database: Database, landings: dict[str, Landing], monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[int] = []
    monkeypatch.setattr(
        refusal, "land", lambda *given: (copied.append(len(given[2])), land(*given))
    )
    values = [b"{}"] * 1_000
    values[700] = b'{"a": [' + b"1," * (READ_AT_MOST // 2) + b"oops]}"

    commit(database.connection, landings, batch_of(*values))

    assert copied == [1_000, 700, 1, 299]
    assert list(letters(database.connection)) == [700]


def test_a_row_that_a_views_maintenance_refuses_does_not_stop_the_stream(
    database: Database, landings: dict[str, Landing]
) -> None:
    database.connection.execute(
        """
        create table ratios (ratio int);
        create function maintain() returns trigger language plpgsql as $$
        begin
            insert into ratios select 1 / (payload->>'n')::int from delta;
            return null;
        end $$;
        create trigger maintain after insert on landed_events
        referencing new table as delta for each statement execute function maintain();
        """
    )
    values = [b'{"n": 1}'] * 9
    values[4] = b'{"n": 0}'

    assert commit(database.connection, landings, batch_of(*values)) == 1

    [(place, error)] = letters(database.connection).items()
    assert place == 4
    assert error.startswith("division by zero; ")
    assert "function maintain()" in error
    assert database.connection.execute("select count(*) from ratios").fetchone() == (8,)


def test_a_replay_lands_only_what_is_missing(
    database: Database, landings: dict[str, Landing]
) -> None:
    """An operator sets the stored offset back, with the rows still there."""
    commit(database.connection, landings, batch_of(b'{"n": 0}', b"oops", b'{"n": 2.0}'))
    database.connection.execute("delete from landed_events where kafka_offset = 0")
    database.connection.execute("update penstock.source_offsets set next_offset = 0")

    commit(database.connection, landings, batch_of(b'{"n": 0}', b"oops", b'{"n": 2.0}', b"{}"))

    assert landed(database.connection) == [0, 2, 3]
    assert list(letters(database.connection)) == [1]
    assert stored(database.connection) == 4


def test_another_message_at_a_place_that_is_taken_is_not_lost(
    database: Database, landings: dict[str, Landing]
) -> None:
    """The topic was made anew and starts at offset 0 again."""
    commit(database.connection, landings, batch_of(b'{"old": true}'))
    database.connection.execute("update penstock.source_offsets set next_offset = 0")

    commit(database.connection, landings, batch_of(b'{"old": false}'))

    [(place, error)] = letters(database.connection).items()
    assert place == 0
    assert error.startswith("duplicate key value violates unique constraint")


def test_a_failure_that_no_message_is_to_blame_for_leaves_nothing(
    database: Database, landings: dict[str, Landing]
) -> None:
    database.connection.execute("alter table landed_events rename to elsewhere")

    with pytest.raises(errors.UndefinedTable):
        commit(database.connection, landings, batch_of(b"{}", b"oops"))

    assert letters(database.connection) == {}
    assert stored(database.connection) == 0


@pytest.mark.usefixtures("landings")
def test_the_connectors_role_needs_no_more_than_it_has(database: Database) -> None:
    with psycopg.connect(database.url_for("penstock_connector"), autocommit=True) as connection:
        usable, _ = read_subscriptions(connection)
        begin(connection, Place("events", 1), 0)
        commit(connection, usable, batch_of(b"{}", b"oops"))
        connection.execute("update penstock.source_offsets set next_offset = 0")
        # It may not read what landed, so a replay's row cannot be told from another's.
        commit(connection, usable, batch_of(b"{}"))

    assert landed(database.connection) == [0]
    assert sorted(letters(database.connection)) == [0, 1]


def test_a_landing_table_with_fewer_columns_is_filled_as_far_as_it_goes(
    database: Database, landings: dict[str, Landing]
) -> None:
    database.connection.execute(
        "alter table landed_events drop kafka_key, drop kafka_timestamp, add note text"
    )
    landings, _ = read_subscriptions(database.connection)

    commit(database.connection, landings, batch_of(b'{"a": 1}', key=b"k"))

    got = database.connection.execute("select * from landed_events").fetchall()
    assert got == [(0, 0, [{"key": "h", "value": "1"}], {"a": 1}, None)]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("drop table landed_events", "public.landed_events does not exist"),
        ("alter table landed_events drop payload", "public.landed_events has no column payload"),
        (
            "alter table landed_events alter payload type text",
            "public.landed_events has payload as text, expected jsonb",
        ),
    ],
)
def test_a_landing_table_that_does_not_fit_is_told(
    database: Database, landings: dict[str, Landing], change: str, reason: str
) -> None:
    assert landings
    database.connection.execute(change.encode())

    usable, refused = read_subscriptions(database.connection)

    assert usable == {}
    assert refused == {"events": reason}


def test_what_kafka_deleted_unread_leaves_a_dead_letter(
    database: Database, landings: dict[str, Landing]
) -> None:
    assert landings
    record_loss(database.connection, PLACE, Lost(stored=0, offset=95), now_ms=1_700_000_000_000)

    assert letters(database.connection) == {
        0: "offsets 0 to 94 were deleted by Kafka before they were read (95 messages at most)"
    }
    assert stored(database.connection) == 95

    with pytest.raises(FencedError):
        record_loss(database.connection, PLACE, Lost(stored=0, offset=99), now_ms=0)
    assert stored(database.connection) == 95


# --- late batches: of other partitions than one that is under way ------------------------------

OTHER = Place("events", 1)
FIRST = """
select distinct on (id) id, kafka_partition, kafka_offset
from (select coalesce(payload ->> 'id', '') as id, * from landed_events) as landed
order by id, kafka_partition, kafka_offset
"""


def deploy_first(connection: psycopg.Connection) -> None:
    with connection.transaction():
        deploy(PsycopgSession(connection), View("public", "first_of_id", FIRST, "first.sql"))


def test_a_late_batch_is_copied_and_deduplicated_beside_another(
    database: Database, landings: dict[str, Landing]
) -> None:
    deploy_first(database.connection)
    begin(database.connection, OTHER, 0)
    late = batch_of(b'{"id": "d"}', b'{"id": "a"}', b"oops", place=OTHER)
    with (
        database.connect() as one,
        database.connect() as two,
        ThreadPoolExecutor(1) as background,
    ):
        with one.transaction():
            land(one, landings["events"], rows_of(batch_of(b'{"id": "b"}', b'{"id": "c"}')))
            result = background.submit(commit, two, landings, late, late=True)
            wait_for_turn(database.connection, two)
            assert holds(database.connection, two, "first_of_id__first")
            assert landed(database.connection) == []
            assert not result.done()
        assert result.result(10) == 1

    firsts = database.connection.execute("select id, kafka_partition from first_of_id order by id")
    assert firsts.fetchall() == [("a", 1), ("b", 0), ("c", 0), ("d", 1)]
    assert set(letters(database.connection)) == {2}
    assert read_offsets(database.connection, [PLACE, OTHER]) == {PLACE: 0, OTHER: 3}


def test_a_row_that_the_server_refuses_in_a_late_batch_is_a_dead_letter(
    database: Database, landings: dict[str, Landing]
) -> None:
    deploy_first(database.connection)
    database.connection.execute(
        "alter table landed_events add check (payload ->> 'id' is distinct from 'bad')"
    )
    late = batch_of(b'{"id": "good"}', b'{"id": "bad"}')

    assert commit(database.connection, landings, late, late=True) == 1

    assert landed(database.connection) == [0]
    assert set(letters(database.connection)) == {1}
    assert database.connection.execute("select id from first_of_id").fetchall() == [("good",)]


def test_a_zombie_that_is_late_cannot_commit(
    database: Database, landings: dict[str, Landing]
) -> None:
    zombies = batch_of(b'{"by": "zombie"}')
    commit(database.connection, landings, batch_of(b'{"by": "heir"}', b'{"by": "heir"}'))

    with database.connect() as other, pytest.raises(FencedError):
        commit(other, landings, zombies, late=True)

    rows = database.connection.execute("select payload ->> 'by' from landed_events").fetchall()
    assert rows == [("heir",), ("heir",)]
    assert letters(database.connection) == {}


def rows_of(batch: Batch) -> list[Row]:
    return [outcome for outcome in batch.outcomes if isinstance(outcome, Row)]


def wait_for_turn(watcher: psycopg.Connection, waiting: psycopg.Connection) -> None:
    """Wait until a session waits for a pipeline's lock."""
    query = """
        select from pg_locks where pid = %s and locktype = 'advisory' and not granted
    """
    deadline = time.monotonic() + 10
    while not watcher.execute(query, (waiting.info.backend_pid,)).fetchall():
        assert time.monotonic() < deadline, "it never waited for its turn"
        time.sleep(0.005)


def holds(watcher: psycopg.Connection, session: psycopg.Connection, table: str) -> bool:
    """Whether a session has written to a state table."""
    query = """
        select from pg_locks
        where pid = %s and mode = 'RowExclusiveLock'
            and relation = ('penstock_state.' || quote_ident(%s))::regclass
    """
    return bool(watcher.execute(query, (session.info.backend_pid, table)).fetchall())
