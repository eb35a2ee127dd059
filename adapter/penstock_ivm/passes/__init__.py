"""Recognising shapes of SQL: one shape a file."""
