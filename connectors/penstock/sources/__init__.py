"""From Kafka to landing tables: every message in exactly once, whatever it holds."""
