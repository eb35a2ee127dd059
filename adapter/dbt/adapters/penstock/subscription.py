"""Subscriptions: which topic lands in which table, told to running connectors."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from penstock.errors import PenstockError
from penstock_ivm.session import Session, literal, qualified


@dataclass(frozen=True, slots=True)
class Subscription:
    """A topic and the table its messages land in. options: for the connector."""

    topic: str
    schema: str
    table: str
    format: str
    options: Mapping[str, Any]


def subscribe(session: Session, wanted: Subscription) -> bool:
    """Register a landing table; return whether anything changed.

    A trigger on penstock.subscriptions grants the connector what it needs and notifies it.
    Raises PenstockError where messages would be mixed: two tables for a topic, or another
    topic in a table that holds messages, whose partitions and offsets are its key.
    """
    place = f"{wanted.schema}.{wanted.table}"
    before = None
    for known in _known(session, wanted):
        if (known.schema, known.table) != (wanted.schema, wanted.table):
            raise PenstockError(
                f"topic {wanted.topic} lands in {known.schema}.{known.table} already",
                hint="read that source; or delete its row of penstock.subscriptions,"
                " if its model is gone",
            )
        before = known
    if before == wanted:
        return False
    if before is not None and before.topic != wanted.topic and _has_rows(session, wanted):
        raise PenstockError(
            f"{place} holds messages of topic {before.topic}; those of {wanted.topic} would have"
            " the same partitions and offsets",
            hint="give the new topic a source model of its own",
        )
    session.execute(
        "insert into penstock.subscriptions"
        " (topic, landing_schema, landing_table, format, options) values"
        f" ({literal(wanted.topic)}, {literal(wanted.schema)}, {literal(wanted.table)},"
        f" {literal(wanted.format)}, {literal(json.dumps(wanted.options))})"
        " on conflict (landing_schema, landing_table) do update set"
        " topic = excluded.topic, format = excluded.format, options = excluded.options"
    )
    return True


def _known(session: Session, wanted: Subscription) -> list[Subscription]:
    """Read the subscriptions of the topic, and of the table."""
    rows = session.execute(
        "select topic, landing_schema, landing_table, format, options::text"
        f" from penstock.subscriptions where topic = {literal(wanted.topic)}"
        f" or (landing_schema = {literal(wanted.schema)}"
        f" and landing_table = {literal(wanted.table)})"
    )
    return [
        Subscription(topic, schema, table, form, json.loads(options))
        for topic, schema, table, form, options in rows
    ]


def _has_rows(session: Session, wanted: Subscription) -> bool:
    table = qualified(wanted.schema, wanted.table)
    return bool(session.execute(f"select 1 from {table} limit 1"))
