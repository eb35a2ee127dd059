"""The control plane: schema `penstock`, brought to the newest revision by whoever needs it.

`penstock up` and the tests call `ensure_control_plane`. Nearly always there is nothing to do
(revision.py), and alembic and SQLAlchemy are imported only when there is.
"""

from contextlib import suppress
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from penstock import revision as wanted
from penstock.errors import PenstockError

if TYPE_CHECKING:
    from alembic.config import Config

SCHEMAS = ("penstock", "penstock_state")
VERSION_TABLE = "alembic_version"
# One upgrade at a time in a database. Any constant does; this one spells "penstock".
LOCK_KEY = int.from_bytes(b"penstock", "big") >> 1
CONNECT_SECONDS = 10

OWNER, CONNECTOR, READER = "penstock", "penstock_connector", "penstock_reader"

FUNCTIONS_TABLE = """
create table if not exists penstock.functions (
    name text constraint functions_pkey primary key,
    sha256 text not null
);
comment on table penstock.functions is
    'Per file of sql/functions: the hash of what was applied, so that a changed file is applied.';
"""


def ensure_control_plane(url: str) -> None:
    """Bring the control plane of the database at `url` to the newest revision.

    Idempotent and safe to call at once from several processes. Everything it does is one
    transaction: it is all there afterwards, or nothing is.
    """
    with connect(url) as connection:
        done = wanted.is_current(lambda query: connection.execute(query).fetchall())
    if not done:
        upgrade(url)


def connect(url: str) -> psycopg.Connection:
    """Connect, or say where to without saying the password."""
    try:
        return psycopg.connect(url, connect_timeout=CONNECT_SECONDS)
    except psycopg.Error as error:
        raise PenstockError(
            f"cannot connect to the database at {without_password(url)}",
            detail=str(error).strip(),
            hint="start it with `penstock up`, or set PENSTOCK_DATABASE_URL to one that runs",
        ) from None


def without_password(url: str) -> str:
    """Rewrite a connection URL or string as one that can be shown.

    >>> without_password("postgresql://ann:secret@db.example/shop")
    'user=ann dbname=shop host=db.example'
    """
    try:
        parts = conninfo_to_dict(url)
    except psycopg.Error:
        return "(not a connection URL)"
    return make_conninfo("", **{name: parts[name] for name in parts if name != "password"})


def sqlalchemy_url(url: str) -> str:
    """Name psycopg 3 in a PostgreSQL URL, for SQLAlchemy's own choice is psycopg2.

    >>> sqlalchemy_url("postgres://ann@db.example/shop")
    'postgresql+psycopg://ann@db.example/shop'
    """
    _, _, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}"


def upgrade(url: str, revision: str = "head") -> None:
    """Migrate up to `revision`; at the head, apply the changed files of sql/functions too."""
    _migrate(url, revision, up=True)


def downgrade(url: str, revision: str) -> None:
    """Migrate down to `revision`; `base` removes the control plane's tables, not the models."""
    _migrate(url, revision, up=False)


def create_roles(superuser_url: str, database: str) -> None:
    """Create the owner, the connector's and the readers' roles, and the owner's database.

    For a server of our own; on somebody else's these are its administrator's to make.
    """
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        for role in (OWNER, CONNECTOR, READER):
            with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
                connection.execute(sql.SQL("create role {} login").format(sql.Identifier(role)))
        with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            connection.execute(
                sql.SQL("create database {} owner {}").format(
                    sql.Identifier(database), sql.Identifier(OWNER)
                )
            )
        # The schema `penstock` would come first for the user `penstock` ("$user", public).
        connection.execute(
            sql.SQL("alter role {} set search_path = public").format(sql.Identifier(OWNER))
        )
    with psycopg.connect(make_conninfo(superuser_url, dbname=database)) as connection:
        # Before PostgreSQL 15 everybody may create in public, and its owner is the superuser.
        connection.execute(
            sql.SQL(
                "alter schema public owner to {}; revoke create on schema public from public"
            ).format(sql.Identifier(OWNER))
        )


def watch_ddl(superuser_url: str, database: str) -> None:
    """Have DDL on inputs noticed, by event triggers that only a superuser may create.

    For a server of our own, after `ensure_control_plane`.
    """
    with psycopg.connect(make_conninfo(superuser_url, dbname=database)) as connection:
        connection.execute("select penstock.watch_ddl()")


def _migrate(url: str, revision: str, *, up: bool) -> None:
    """Migrate in one transaction, under the lock."""
    from alembic import command  # noqa: PLC0415 - half a second, needed seldom
    from sqlalchemy import create_engine, pool  # noqa: PLC0415

    connection = connect(url)
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: connection, poolclass=pool.StaticPool
    )
    try:
        with engine.begin() as migration:
            connection.execute("select pg_advisory_xact_lock(%s)", (LOCK_KEY,))
            for schema in SCHEMAS:
                _create_schema(connection, schema)
            _refuse_newer(connection)
            config = _alembic_config()
            config.attributes["connection"] = migration
            (command.upgrade if up else command.downgrade)(config, revision)
            connection.execute(FUNCTIONS_TABLE)
            if not up:
                # What hangs on a dropped table went with it, and must come again with the table.
                connection.execute("delete from penstock.functions")
            elif revision in ("head", wanted.head_revision()):
                _apply_functions(connection)
    except psycopg.errors.InsufficientPrivilege as error:
        raise PenstockError(
            f"the control plane cannot be created: {error.diag.message_primary}",
            detail=without_password(url),
            hint="grant the user CREATE on the database, or connect as its owner",
        ) from None
    finally:
        engine.dispose()
        connection.close()


def _refuse_newer(connection: psycopg.Connection) -> None:
    """Stop before a control plane that a newer Penstock made."""
    if connection.execute("select to_regclass('penstock.alembic_version')").fetchone() == (None,):
        return
    row = connection.execute("select max(version_num) from penstock.alembic_version").fetchone()
    found, known = row[0] if row else None, wanted.head_revision()
    if found is not None and found > known:
        raise PenstockError(
            f"the control plane is at revision {found}, newer than this Penstock's {known}",
            hint="install the newer Penstock that made it, or one after it",
        )


def _create_schema(connection: psycopg.Connection, schema: str) -> None:
    """Create a missing schema; IF NOT EXISTS would ask for the right to create one even so."""
    if connection.execute("select to_regnamespace(%s)", (schema,)).fetchone() == (None,):
        connection.execute(sql.SQL("create schema {}").format(sql.Identifier(schema)))


def _apply_functions(connection: psycopg.Connection) -> None:
    """Apply every function file when one has changed, for a later one may use an earlier one."""
    known = connection.execute("select name, sha256 from penstock.functions").fetchall()
    hashes = wanted.hashes()
    if dict(known) == hashes:
        return
    for name, text in wanted.function_files().items():
        try:
            connection.execute(text.encode())
        except psycopg.Error as error:
            raise PenstockError(
                f"sql/functions/{name} was refused: {error.diag.message_primary}",
                detail=str(error).strip(),
                hint="mend the file; nothing of it was applied",
            ) from error
    connection.execute("delete from penstock.functions")
    with connection.cursor() as cursor:
        cursor.executemany("insert into penstock.functions values (%s, %s)", list(hashes.items()))


def _alembic_config() -> "Config":
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(wanted.sql_dir() / "migrations"))
    return config
