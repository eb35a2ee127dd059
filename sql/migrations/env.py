"""Alembic's entry: migrate over the caller's connection, else over the configured one."""

from alembic import context
from sqlalchemy import Connection, create_engine, pool

from penstock.control import VERSION_TABLE, sqlalchemy_url
from penstock.settings import Settings


def migrate(connection: Connection) -> None:
    """Run the wanted migrations in the caller's transaction."""
    connection.exec_driver_sql("create schema if not exists penstock")
    context.configure(
        connection=connection,
        version_table=VERSION_TABLE,
        version_table_schema="penstock",
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    engine = create_engine(
        sqlalchemy_url(Settings().require_database_url()), poolclass=pool.NullPool
    )
    with engine.begin() as connection:
        migrate(connection)
