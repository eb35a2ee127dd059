"""Subscriptions: which topic lands in which table, told to running connectors."""

import json
from collections.abc import Mapping
from typing import Any

from penstock.errors import PenstockError
from penstock_ivm.session import Session, literal, qualified


def subscribe(
    session: Session, schema: str, table: str, topic: str, form: str, options: Mapping[str, Any]
) -> bool:
    """Register a landing table; return whether anything changed.

    A trigger on penstock.subscriptions grants the connector what it needs and notifies it.
    Raises PenstockError where messages would be mixed: two tables for a topic, or another
    topic in a table that holds messages, whose partitions and offsets are its key.
    """
    rows = session.execute(
        "select topic, landing_schema, landing_table, format, options::text"
        f" from penstock.subscriptions where topic = {literal(topic)}"
        f" or (landing_schema = {literal(schema)} and landing_table = {literal(table)})"
    )
    before = None
    for known, of, name, old_form, old_options in rows:
        if (of, name) != (schema, table):
            raise PenstockError(
                f"topic {topic} lands in {of}.{name} already",
                hint="read that source; or delete its row of penstock.subscriptions,"
                " if its model is gone",
            )
        before = (known, old_form, json.loads(old_options))
    if before == (topic, form, dict(options)):
        return False
    if before is not None and before[0] != topic and _has_rows(session, schema, table):
        raise PenstockError(
            f"{schema}.{table} holds messages of topic {before[0]}; those of {topic} would have"
            " the same partitions and offsets",
            hint="give the new topic a source model of its own",
        )
    session.execute(
        "insert into penstock.subscriptions"
        " (topic, landing_schema, landing_table, format, options) values"
        f" ({literal(topic)}, {literal(schema)}, {literal(table)}, {literal(form)},"
        f" {literal(json.dumps(options))})"
        " on conflict (landing_schema, landing_table) do update set"
        " topic = excluded.topic, format = excluded.format, options = excluded.options"
    )
    return True


def _has_rows(session: Session, schema: str, table: str) -> bool:
    return bool(session.execute(f"select 1 from {qualified(schema, table)} limit 1"))
