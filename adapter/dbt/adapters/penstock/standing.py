"""What the catalogue says of a relation: maintained, read by maintained views, or landed in."""

from dataclasses import dataclass

from penstock_ivm.session import Session, literal


@dataclass(frozen=True, slots=True)
class Standing:
    """A relation in the eyes of the engine.

    table_readers: (schema, name) of the maintained views that have triggers on it, a table.
    state_readers: those that read its state, where it is a maintained view itself.
    Both lowest level first. topic: what is landed in it.
    """

    schema: str
    name: str
    is_maintained: bool = False
    table_readers: tuple[tuple[str, str], ...] = ()
    state_readers: tuple[tuple[str, str], ...] = ()
    topic: str | None = None

    @property
    def readers(self) -> tuple[tuple[str, str], ...]:
        """The maintained views that read it straight."""
        return (*self.table_readers, *self.state_readers)

    @property
    def shown(self) -> str:
        """The name for messages."""
        return f"{self.schema}.{self.name}"

    @property
    def shown_readers(self) -> str:
        """The readers' names for messages."""
        return ", ".join(f"{schema}.{name}" for schema, name in self.readers)


def read_standing(session: Session, schema: str, name: str) -> Standing:
    """Ask for one relation, in one query."""
    rows = session.execute(
        f"""
        with me as (
            select definition from penstock.views
            where schema_name = {literal(schema)} and view_name = {literal(name)}
        )
        select 'maintained', null, null, 0 from me
        union all
        select
            'table reader', schema_name, view_name, (definition -> 'stages' -> -1 ->> 'level')::int
        from penstock.views
        where
            definition -> 'direct_bases'
                @> jsonb_build_array(jsonb_build_array({literal(schema)}, {literal(name)}))
        union all
        select
            'state reader', schema_name, view_name, (definition -> 'stages' -> -1 ->> 'level')::int
        from penstock.views
        where exists (
            select from me, jsonb_array_elements(me.definition -> 'stages') as stage
            where penstock.views.definition -> 'state_inputs' ? (stage ->> 'table')
        )
        union all
        select 'topic', topic, null, 0 from penstock.subscriptions
        where landing_schema = {literal(schema)} and landing_table = {literal(name)}
        order by 4, 2, 3
        """
    )

    def of(kind: str) -> tuple[tuple[str, str], ...]:
        return tuple((row[1], row[2]) for row in rows if row[0] == kind)

    return Standing(
        schema,
        name,
        is_maintained=bool(of("maintained")),
        table_readers=of("table reader"),
        state_readers=of("state reader"),
        topic=next((topic for topic, _ in of("topic")), None),
    )
