"""Incremental view maintenance compiled to plain PostgreSQL."""
