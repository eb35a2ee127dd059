"""The version that `dbt --version` and the logs show: the distribution's."""

from importlib.metadata import version as version_of

version = version_of("penstock")
