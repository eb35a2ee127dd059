"""Fixtures for every test: real services from `penstock.testing`."""

pytest_plugins = ["penstock.testing.services"]
