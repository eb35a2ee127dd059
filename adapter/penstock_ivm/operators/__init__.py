"""Operators that remember: each turns the delta of its block into changes of its state table."""
