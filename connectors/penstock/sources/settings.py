"""What a running connector is told."""

from dataclasses import dataclass, field

from penstock.sources.batch import Limits


@dataclass(frozen=True, slots=True)
class ConnectorSettings:
    """Where a connector reads and writes, and how much at once.

    group: connectors of one group share the partitions; a group belongs to one database.
    kafka_options: librdkafka's own options (TLS, SASL), which win over ours.
    """

    database_url: str
    kafka_bootstrap: str
    group: str = "penstock"
    limits: Limits = field(default_factory=Limits)
    kafka_options: dict[str, str | int | bool] = field(default_factory=dict)
