"""The adapter: dbt-postgres, and what the engine has to know when dbt changes a relation."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock, get_ident
from types import ModuleType
from typing import Any

from dbt_common.exceptions import CompilationError, DbtRuntimeError

from dbt.adapters.base.meta import available
from dbt.adapters.base.relation import BaseRelation
from dbt.adapters.penstock.connections import PenstockConnectionManager
from dbt.adapters.penstock.places import in_source
from dbt.adapters.postgres.impl import PostgresAdapter, PostgresConfig
from penstock.revision import is_current

# Materializations that write into a table that stands, and would meet a maintained view.
WRITES_IN_PLACE = ("incremental", "seed", "snapshot")


@dataclass
class PenstockConfig(PostgresConfig):
    """What a model's config may hold beside dbt-postgres's keys.

    append_only: names of relations that keep their rows as they are (sources need no mention).
    tick: how often the clock of a view that compares rows with now() moves, as an interval.
    on_error: what becomes of a writer whose change the view cannot take: `raise` stops it,
    `suspend` stops the view instead.
    topic, format, include: of `materialized='source'`; `source_options` goes to the connector.
    """

    append_only: list[str] = field(default_factory=list)
    tick: str | None = None
    on_error: str | None = None
    topic: str | None = None
    format: str | None = None
    include: list[str] | None = None
    source_options: dict[str, Any] | None = None


class PenstockAdapter(PostgresAdapter):
    """PostgreSQL with maintained views."""

    ConnectionManager = PenstockConnectionManager
    AdapterSpecificConfigs = PenstockConfig
    connections: PenstockConnectionManager

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._control_lock = Lock()
        self._has_control_plane = False
        self._can_read_views = False
        # Per thread and renamed relation: the maintained views that read it.
        self._displaced: dict[tuple[int, str, str], tuple[tuple[str, str], ...]] = {}

    # ---- the control plane ----

    def list_schemas(self, database: str) -> list[str]:
        """List schemas: the first question of every command that builds something.

        So here the control plane is made where it is missing. `dbt parse`, `compile`, `docs`
        and `test` do not come by, and need no right to create anything.
        """
        self.ensure_control_plane()
        return list(super().list_schemas(database))

    @available.parse_none
    def ensure_control_plane(self) -> None:
        """Bring the schema `penstock` up to date; once an invocation."""
        with self._control_lock:
            if self._has_control_plane:
                return
            with told(DbtRuntimeError):
                with self._transaction():
                    done = is_current(self._session().execute)
                if not done:
                    from penstock.control import upgrade  # noqa: PLC0415 - loads psycopg 3

                    upgrade(self.config.credentials.conninfo())
            self._has_control_plane = True

    @available.parse(lambda *_, **__: False)
    def can_read_views(self) -> bool:
        """Tell whether penstock.views is there and may be read: it knows the maintained views."""
        if not self._can_read_views:
            _, cursor = self.connections.add_query(
                "select coalesce(has_table_privilege(to_regclass('penstock.views'), 'select'),"
                " false)",
                auto_begin=False,
            )
            self._can_read_views = bool(cursor.fetchone()[0])
        return self._can_read_views

    # ---- materialized views ----

    @available.parse(lambda *_, **__: "")
    def deploy_view(
        self, relation: BaseRelation, sql: str, model: Mapping[str, Any], full_refresh: bool
    ) -> str:
        """Bring a maintained view to what its model says; return what was done, in one word."""
        engine, session = self._engine(), self._session()
        config = model["config"]
        schema, name = str(relation.schema), str(relation.identifier)
        with told():
            indexes = self._indexes(engine, session, config, schema, name)
            view = engine.View(
                schema=schema,
                name=name,
                query=sql,
                path=model["original_file_path"],
                indexes=indexes,
                append_only=frozenset(
                    _place(text, schema) for text in config.get("append_only") or ()
                ),
                tick=str(config.get("tick") or engine.View.tick),
                on_error=str(config.get("on_error") or engine.View.on_error),
            )
            stopped = engine.suspension(session, schema, name)
            if stopped:
                from dbt.adapters.events.logging import AdapterLogger  # noqa: PLC0415

                AdapterLogger("Penstock").warning(
                    f"{schema}.{name} is suspended ({stopped}) and is built again"
                )
            try:
                outcome: str = engine.deploy(session, view, rebuild=full_refresh).value
            except engine.Unmaintainable as error:
                detail = in_source(error.detail or "", model, sql)
                raise engine.Unmaintainable(error.primary, detail, error.hint) from None
        return outcome

    def _indexes(
        self, engine: ModuleType, session: Any, config: Mapping[str, Any], schema: str, name: str
    ) -> tuple[Any, ...]:
        """Return the indexes to build: the model's, or those that stand (on_configuration_change).

        `apply`, dbt's default, needs no look at what stands.
        """
        parsed = [self.parse_index(raw) for raw in config.get("indexes") or ()]
        wanted = tuple(
            engine.Index(tuple(index.columns), index.unique, index.type or "btree")
            for index in parsed
            if index is not None
        )
        choice = str(config.get("on_configuration_change") or "apply")
        if choice == "apply":
            return wanted
        standing = engine.deployed_indexes(session, schema, name)
        if standing is None or standing == frozenset(wanted):
            return wanted
        changed = f"the indexes of {schema}.{name} changed and on_configuration_change is {choice}"
        if choice == "fail":
            raise DbtRuntimeError(f"{changed}\nhint: set it to apply, or put the indexes back")
        from dbt.adapters.events.logging import AdapterLogger  # noqa: PLC0415

        AdapterLogger("Penstock").warning(f"{changed}: the old ones stay")
        return tuple(sorted(standing, key=str))

    @available.parse(lambda *_, **__: False)
    def is_maintained(self, relation: BaseRelation) -> bool:
        """Tell whether a relation is a maintained view, by the catalogue."""
        standing = self._standing(relation)
        return standing is not None and standing.is_maintained

    @available.parse_none
    def drop_maintained(self, relation: BaseRelation) -> None:
        """Drop a maintained view with its state, in the open transaction or one of its own."""
        with told(), self._transaction():
            self._engine().drop_view(
                self._session(), str(relation.schema), str(relation.identifier)
            )

    @available.parse_none
    def drop_unread(self) -> None:
        """Drop the old versions of maintained views whose last reader was dropped just now."""
        if self.can_read_views():
            with told(), self._transaction():
                self._engine().drop_unread(self._session())

    @available.parse(lambda *_, **__: False)
    def subscribe(
        self, relation: BaseRelation, topic: str, form: str, options: Mapping[str, Any]
    ) -> bool:
        """Register a source's landing table with the connectors; tell whether that was news."""
        from dbt.adapters.penstock.subscription import (  # noqa: PLC0415 - as _engine()
            Subscription,
            subscribe,
        )

        schema, table = str(relation.schema), str(relation.identifier)
        with told():
            return subscribe(
                self._session(), Subscription(topic, schema, table, form, dict(options))
            )

    # ---- relations that maintained views read ----

    @available.parse(lambda *_, **__: False)
    def is_shown(self, relation: BaseRelation, sql: str) -> bool:
        """Tell whether a plain view shows what a SELECT does, so that it can be left alone."""
        with told():
            shown: bool = self._engine().is_shown(
                self._session(), str(relation.schema), str(relation.identifier), sql
            )
        return shown

    @available.parse_none
    def before_rename(self, from_relation: BaseRelation, to_relation: BaseRelation) -> None:
        """Note who reads a relation that is renamed away, and keep the catalogue right."""
        standing = self._standing(from_relation)
        if standing is None or not (standing.is_maintained or standing.readers or standing.topic):
            return
        key = (get_ident(), str(from_relation.schema), str(from_relation.identifier))
        self._displaced[key] = standing.readers
        with told():
            self._engine().replace(self._session(), standing, str(to_relation.identifier))

    @available.parse_none
    def rebuild_readers(self, relation: BaseRelation) -> None:
        """Build the maintained views that read a relation anew, now that another is in its place.

        dbt's table materialization swaps by rename, and a table's triggers go with it.
        """
        standing = self._standing(relation)
        if standing is None:
            return
        key = (get_ident(), str(relation.schema), str(relation.identifier))
        readers = dict.fromkeys((*self._displaced.pop(key, ()), *standing.table_readers))
        if readers:
            with told():
                self._engine().rebuild_readers(self._session(), standing.shown, readers)

    @available.parse_none
    def refuse_drop(self, relation: BaseRelation) -> None:
        """Raise where dropping would leave a maintained view without its input."""
        standing = self._standing(relation)
        if standing is not None and (standing.readers or standing.topic):
            with told():
                self._engine().refuse_drop(standing)

    @available.parse(lambda *_, **__: False)
    def has_readers(self, relation: BaseRelation) -> bool:
        """Tell whether maintained views read a relation."""
        standing = self._standing(relation)
        return standing is not None and bool(standing.readers)

    def drop_schema(self, relation: BaseRelation) -> None:
        """Drop a schema, and what the engine keeps for the maintained views in it."""
        if self.can_read_views():
            with told(), self._transaction():
                self._engine().drop_schema_views(self._session(), str(relation.schema))
        super().drop_schema(relation)

    def pre_model_hook(self, config: Mapping[str, Any]) -> Any:
        """Refuse to write into a maintained view that used to be this model."""
        kind = config.get("materialized")
        model = getattr(config, "model", None)
        if kind in WRITES_IN_PLACE and model is not None:
            self._refuse_writing(model, str(kind))
        return super().pre_model_hook(config)

    def _refuse_writing(self, model: Any, kind: str) -> None:
        relation = self.get_relation(model.database, model.schema, model.identifier)
        if relation is None or not relation.is_materialized_view:
            return
        if kind == "incremental" and (self.config.args.full_refresh or model.config.full_refresh):
            return
        hint = (
            f"build it once with --full-refresh: dbt run --full-refresh --select {model.name}"
            if kind == "incremental"
            else f"drop the view first: dbt run-operation penstock_drop"
            f" --args '{{name: {relation.identifier}, schema: {relation.schema}}}'"
        )
        raise DbtRuntimeError(
            f"{relation.schema}.{relation.identifier} is a maintained view;"
            f" a model of kind {kind} cannot write into it\nhint: {hint}"
        )

    # ---- in common ----

    def _standing(self, relation: BaseRelation) -> Any:
        """Ask the catalogue about a relation; None where there is no catalogue, or no schema."""
        if not relation.schema or not self.can_read_views():
            return None
        with told():
            return self._engine().read_standing(
                self._session(begin=False), str(relation.schema), str(relation.identifier)
            )

    def _session(self, *, begin: bool = True) -> Any:
        return self._engine().DbtSession(self.connections, begin=begin)

    @staticmethod
    def _engine() -> ModuleType:
        from dbt.adapters.penstock import maintenance  # noqa: PLC0415 - loads the compiler

        return maintenance

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Use dbt's open transaction, or hold one of our own: after its commit dbt has none."""
        if self.connections.get_thread_connection().transaction_open:
            yield
            return
        self.connections.begin()  # type: ignore[no-untyped-call]
        try:
            yield
        except BaseException:
            self.connections.rollback_if_open()
            raise
        self.connections.commit()  # type: ignore[no-untyped-call]


@contextmanager
def told(kind: type[DbtRuntimeError] = CompilationError) -> Iterator[None]:
    """Tell an error in three parts as dbt tells its own: no traceback.

    kind: CompilationError, which names the model at fault, or DbtRuntimeError.
    """
    try:
        yield
    except Exception as error:
        parts = [getattr(error, name, None) for name in ("primary", "detail", "hint")]
        if not isinstance(parts[0], str):
            raise
        raise kind(_lines(parts)) from None


def _lines(parts: Sequence[str | None]) -> str:
    primary, detail, hint = parts
    lines = [str(primary)]
    if detail:
        lines.append(f"detail: {detail}")
    if hint:
        lines.append(f"hint: {hint}")
    return "\n".join(lines)


def _place(text: str, schema: str) -> tuple[str, str]:
    """Read `name` or `schema.name`, quoted or not, with a database before it or not."""
    parts = [part.strip('"') for part in text.split(".")]
    return (parts[-2] if len(parts) > 1 else schema, parts[-1])
