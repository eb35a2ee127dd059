"""The job in Pathway; runs in the environment of pathway, alone, until it is ended.

    python pathway_job.py BOOTSTRAP TOPIC OUTPUT

Pathway at its fastest for this job, and less than Penstock promises: nothing is persisted, and
the output is a file of changes that Pathway's own engine writes, with no Python in the way.
"""

import sys

import pathway as pw

# How long input is gathered into one step of the computation; longer steps compute less.
COMMIT_MS = 500


class Event(pw.Schema):
    """What the job reads of a message."""

    message_id: str
    type: str
    device_id: str
    occurred_at: str
    items: int = pw.column_definition(default_value=0)


FIELDS = {
    "message_id": "/messageId",
    "type": "/type",
    "device_id": "/anonymousId",
    "occurred_at": "/timestamp",
    "items": "/properties/quantity",
}


def main(bootstrap: str, topic: str, output: str) -> None:
    """Read the topic for ever."""
    events = pw.io.kafka.read(
        {"bootstrap.servers": bootstrap, "group.id": topic, "auto.offset.reset": "earliest"},
        topic=topic,
        format="json",
        schema=Event,
        json_field_paths=FIELDS,
        autocommit_duration_ms=COMMIT_MS,
    )
    kept = events.filter(
        (pw.this.type == "track")
        | (pw.this.type == "page")
        | (pw.this.type == "identify")
        | (pw.this.type == "screen")
    )
    # Deliveries of one message agree in all that is read, so a group of all of it is a message.
    deliveries = kept.groupby(
        pw.this.message_id, pw.this.device_id, pw.this.occurred_at, pw.this.items
    ).reduce(pw.this.device_id, pw.this.occurred_at, pw.this.items)
    devices = deliveries.groupby(pw.this.device_id).reduce(
        pw.this.device_id,
        events=pw.reducers.count(),
        items=pw.reducers.sum(pw.this.items),
        first_at=pw.reducers.min(pw.this.occurred_at),
        last_at=pw.reducers.max(pw.this.occurred_at),
    )
    pw.io.csv.write(devices, output)
    pw.run(monitoring_level=pw.MonitoringLevel.NONE)


if __name__ == "__main__":
    main(*sys.argv[1:])
