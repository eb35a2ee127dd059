"""Penstock: sources, sinks and the command line around the maintained models."""
