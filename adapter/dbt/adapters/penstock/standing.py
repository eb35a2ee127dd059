"""What the catalogue says of a relation: maintained, read by maintained views, or landed in."""

from dataclasses import dataclass

from penstock_ivm.session import Session, literal


@dataclass(frozen=True, slots=True)
class Standing:
    """A relation in the eyes of the engine.

    readers: (schema, name) of the maintained views that read it straight, lowest level first.
    topic: what is landed in it.
    """

    schema: str
    name: str
    is_maintained: bool = False
    readers: tuple[tuple[str, str], ...] = ()
    topic: str | None = None

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
            'reader', schema_name, view_name, (definition -> 'stages' -> -1 ->> 'level')::int
        from penstock.views
        where
            definition -> 'direct_bases'
                @> jsonb_build_array(jsonb_build_array({literal(schema)}, {literal(name)}))
            or exists (
                select from me, jsonb_array_elements(me.definition -> 'stages') as stage
                where penstock.views.definition -> 'state_inputs' ? (stage ->> 'table')
            )
        union all
        select 'topic', topic, null, 0 from penstock.subscriptions
        where landing_schema = {literal(schema)} and landing_table = {literal(name)}
        order by 4, 2, 3
        """
    )
    return Standing(
        schema,
        name,
        is_maintained=any(kind == "maintained" for kind, *_ in rows),
        readers=tuple((of, reader) for kind, of, reader, _ in rows if kind == "reader"),
        topic=next((topic for kind, topic, *_ in rows if kind == "topic"), None),
    )
