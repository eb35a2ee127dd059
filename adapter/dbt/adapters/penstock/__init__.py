"""The dbt adapter `type: penstock`: PostgreSQL, with materialized views that maintain themselves."""

from dbt.adapters.base import AdapterPlugin
from dbt.adapters.penstock.connections import PenstockConnectionManager
from dbt.adapters.penstock.credentials import PenstockCredentials
from dbt.adapters.penstock.impl import PenstockAdapter
from dbt.include import penstock

__all__ = ["PenstockAdapter", "PenstockConnectionManager", "PenstockCredentials", "Plugin"]

Plugin = AdapterPlugin(
    adapter=PenstockAdapter,
    credentials=PenstockCredentials,
    include_path=penstock.PACKAGE_PATH,
    dependencies=["postgres"],
)
