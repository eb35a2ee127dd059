"""The analysts' queries run on the demo's data and give the columns that they promise."""

import re
from pathlib import Path
from typing import Any

import psycopg
import pytest
from shop import PROJECT

COOKBOOK = PROJECT / "sql" / "cookbook"


class NotACookbook(AssertionError):
    """A folder or a file that the cookbook's own rules do not allow."""


def files_in(folder: Path) -> list[Path]:
    """List the queries; none is an error, or nothing would be tested."""
    files = sorted(folder.glob("*.sql"))
    if not files:
        raise NotACookbook(f"no queries in {folder.name}")
    return files


def promised_columns(text: str) -> list[str]:
    """Read the header: the grain in a sentence, then the columns."""
    if not text.startswith("-- One row per "):
        raise NotACookbook("the first line must give the grain: -- One row per …")
    found = re.findall(r"^-- columns: (.+)$", text, re.MULTILINE)
    if len(found) != 1:
        raise NotACookbook(f"{len(found)} lines `-- columns:`, want one")
    return [name.strip() for name in found[0].split(",")]


def ask(connection: psycopg.Connection, text: str) -> list[dict[str, Any]]:
    """Run a query and give its rows by column; there must be some, with what was promised."""
    promised = promised_columns(text)
    cursor = connection.execute(text.encode())
    got = [column.name for column in cursor.description or []]
    if got != promised:
        raise NotACookbook(f"columns {got}, promised {promised}")
    rows = [dict(zip(got, row, strict=True)) for row in cursor]
    if not rows:
        raise NotACookbook("no rows on the demo's data")
    return rows


def cooked(connection: psycopg.Connection, name: str, **asked: str) -> list[dict[str, Any]]:
    """Run a file of the cookbook with other literals: `cooked(c, "find_person", identifier=…)`."""
    text = (COOKBOOK / f"{name}.sql").read_text()
    for column, value in asked.items():
        text, count = re.subn(
            rf"select '[^']*' as {column}\b", f"select '{value}' as {column}", text
        )
        assert count == 1
    return ask(connection, text)


def one(connection: psycopg.Connection, query: str) -> tuple[Any, ...]:
    """Give the only row of a query."""
    [row] = connection.execute(query.encode()).fetchall()
    return tuple(row)


@pytest.mark.parametrize("file", files_in(COOKBOOK), ids=lambda file: file.stem)
def test_it_runs_and_keeps_its_promise(shop: psycopg.Connection, file: Path) -> None:
    ask(shop, file.read_text())


def test_the_list_of_queries_is_complete() -> None:
    listed = re.findall(r"^\| `(\w+\.sql)` \|", (COOKBOOK / "README.md").read_text(), re.MULTILINE)
    assert sorted(listed) == [file.name for file in files_in(COOKBOOK)]


def test_a_person_is_found_by_every_identifier(shop: psycopg.Connection) -> None:
    profile_id, email, phone = one(
        shop,
        "select profile_id, email, phone from profiles"
        " where email is not null and phone is not null order by event_count desc limit 1",
    )
    typed = {"email": f" {email.upper()} ", "phone": f"{phone[:3]} ({phone[3:6]}) {phone[6:]}"}
    for kind, value in shop.execute(
        "select identifier_type, identifier_value from identifiers where profile_id = %s",
        (profile_id,),
    ).fetchall():
        for identifier in {value, typed.get(kind, value)}:
            rows = cooked(shop, "find_person", identifier=identifier)
            assert [(row["found_by"], row["profile_id"]) for row in rows] == [(kind, profile_id)]


def test_what_a_person_did_adds_up_to_the_profile(shop: psycopg.Connection) -> None:
    for user_id, event_count in shop.execute(
        "select user_id, event_count from profiles where event_count < 200 and user_id is not null"
        " order by event_count desc limit 5"
    ).fetchall():
        rows = cooked(shop, "what_a_person_did", identifier=user_id)
        assert len(rows) == len({row["message_id"] for row in rows}) == event_count


def test_days_add_up_to_the_profiles(shop: psycopg.Connection) -> None:
    rows = cooked(shop, "orders_per_day")
    want = one(shop, "select sum(order_count), sum(revenue) from profiles")
    assert (sum(row["orders"] for row in rows), sum(row["revenue"] for row in rows)) == want


def test_windows_overlap(shop: psycopg.Connection) -> None:
    rows = cooked(shop, "events_per_window")
    starts = [row["window_start"] for row in rows]
    assert starts == sorted(set(starts), reverse=True)
    # What no other window cuts off: the events of the last whole five minutes of the hour.
    (want,) = one(
        shop,
        "select count(*) from events, (select max(occurred_at) as at from events) as newest"
        " where date_bin('1 minute', occurred_at, timestamptz '1970-01-01Z') between"
        " date_bin('1 minute', newest.at, timestamptz '1970-01-01Z') - interval '4 minutes'"
        " and newest.at",
    )
    assert rows[4]["events"] == want


def test_every_violation_is_counted(shop: psycopg.Connection) -> None:
    rows = cooked(shop, "quarantined_by_rule_and_day")
    (want,) = one(shop, "select sum(cardinality(violations)) from events_quarantined")
    assert sum(row["messages"] for row in rows) == want
    for violation in {row["violation"] for row in rows}:
        held = cooked(shop, "quarantined_messages", violation=violation)
        assert all(violation in row["violations"] for row in held)


def test_every_landed_message_is_shown_or_dropped(shop: psycopg.Connection) -> None:
    rows = cooked(shop, "duplicates_dropped")
    assert len(rows) < 100, "the query's limit hides some"
    (want,) = one(
        shop,
        "select (select count(*) from landed_events) - (select count(*) from events)"
        " - (select count(*) from events_quarantined)",
    )
    assert sum(row["deliveries_dropped"] for row in rows) == want > 0


def test_a_funnel_narrows(shop: psycopg.Connection) -> None:
    people = [row["people"] for row in cooked(shop, "funnel")]
    assert people == sorted(people, reverse=True)
    assert people[-1] > 0


def test_dead_letters_are_readable_whatever_they_hold(shop: psycopg.Connection) -> None:
    texts = {row["payload_text"] for row in cooked(shop, "dead_letters")}
    assert "42" in texts
    assert None in texts, "a tombstone has no text"
    assert any(text and r"\377\376" in text for text in texts), "bytes that are no UTF-8"


def test_every_partition_is_told(shop: psycopg.Connection) -> None:
    rows = cooked(shop, "freshness")
    (messages,) = one(
        shop,
        "select (select count(*) from landed_events)"
        " + (select count(*) from penstock.dead_letters)",
    )
    assert sum(row["next_offset"] for row in rows) == messages


# --- each check can fail ---------------------------------------------------------------------


def test_a_folder_without_queries_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NotACookbook, match="no queries"):
        files_in(tmp_path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("select 1 as a", "must give the grain"),
        ("-- One row per a.\nselect 1 as a", "0 lines"),
        ("-- One row per a.\n-- columns: a, b\nselect 1 as a", "promised"),
        ("-- One row per a.\n-- columns: a\nselect 1 as a where false", "no rows"),
    ],
)
def test_a_broken_promise_is_found(shop: psycopg.Connection, text: str, told: str) -> None:
    with pytest.raises(NotACookbook, match=told):
        ask(shop, text)
