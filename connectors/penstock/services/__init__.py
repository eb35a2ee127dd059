"""The services Penstock runs for a user who has none: PostgreSQL and a Kafka broker."""
