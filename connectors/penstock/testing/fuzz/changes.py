"""Random transactions: what writers do to the tables."""

from __future__ import annotations

from random import Random

from penstock.testing.fuzz.schema import Relation, row, value


def random_transaction(rng: Random, tables: list[Relation]) -> list[str]:
    """One to three statements."""
    found = [random_statement(rng, tables) for _ in range(rng.choices([1, 2, 3], [6, 2, 1])[0])]
    if rng.random() < 0.06:
        at = rng.randrange(len(found) + 1)
        undone = random_statement(rng, tables)
        found[at:at] = ["savepoint s", undone, "rollback to savepoint s"]
    return found


def random_statement(rng: Random, tables: list[Relation]) -> str:
    """One statement on a random table, or on several."""
    table = rng.choice(tables)
    make = rng.choices(
        [_insert, _update, _delete, _upsert, _several, _from_select, _truncate, _merge],
        [30, 20, 14, 8, 10, 6, 2, 4],
    )[0]
    return make(rng, table, tables)


def _rows(rng: Random, table: Relation) -> str:
    count = rng.choices([1, 2, 5, 12], [5, 3, 2, 1])[0]
    rows = [row(rng, table) for _ in range(count)]
    if table.key:
        rows = list({text.split(",")[0]: text for text in rows}.values())
    return ", ".join(rows)


def _insert(rng: Random, table: Relation, tables: list[Relation]) -> str:
    conflict = " on conflict do nothing" if table.key else ""
    return f"insert into {table.name} values {_rows(rng, table)}{conflict}"


def _upsert(rng: Random, table: Relation, tables: list[Relation]) -> str:
    others = [c.name for c in table.columns if c.name != table.key]
    if not table.key:
        return _insert(rng, table, tables)
    chosen = rng.sample(others, rng.randint(1, len(others)))
    sets = ", ".join(f"{name} = excluded.{name}" for name in chosen)
    return (
        f"insert into {table.name} values {_rows(rng, table)}"
        f" on conflict ({table.key}) do update set {sets}"
    )


def _where(rng: Random, table: Relation) -> str:
    found = rng.choice(table.columns)
    way = rng.random()
    if table.key and way < 0.5:
        return f"{table.key} % {rng.randint(2, 6)} = {rng.randint(0, 1)}"
    if way < 0.75:
        return f"{found.name} is not distinct from {value(rng, found.kind)}"
    return f"{found.name} is {rng.choice(['', 'not '])}null" if way < 0.92 else "true"


def _update(rng: Random, table: Relation, tables: list[Relation]) -> str:
    found = rng.choice(table.columns)
    if found.name == table.key:
        # Keys move out of the way of each other.
        return f"update {table.name} set {found.name} = {found.name} + 100 where {found.name} < 100 and {_where(rng, table)}"
    new = f"{found.name}" if rng.random() < 0.1 else value(rng, found.kind)
    same = [c for c in table.columns if c.kind == found.kind and c is not found]
    if same and rng.random() < 0.3:
        new = rng.choice(same).name
    return f"update {table.name} set {found.name} = {new} where {_where(rng, table)}"


def _delete(rng: Random, table: Relation, tables: list[Relation]) -> str:
    return f"delete from {table.name} where {_where(rng, table)}"


def _truncate(rng: Random, table: Relation, tables: list[Relation]) -> str:
    names = {table.name, rng.choice(tables).name}
    return f"truncate {', '.join(sorted(names))}"


def _from_select(rng: Random, table: Relation, tables: list[Relation]) -> str:
    other = rng.choice(tables)
    picked = []
    for column in table.columns:
        same = [c.name for c in other.columns if c.kind == column.kind]
        if column.name == table.key:
            picked.append("200 + (row_number() over ())::int")
        else:
            picked.append(rng.choice(same) if same else value(rng, column.kind))
    conflict = " on conflict do nothing" if table.key else ""
    return (
        f"insert into {table.name} select {', '.join(picked)} from {other.name} limit 8{conflict}"
    )


def _several(rng: Random, table: Relation, tables: list[Relation]) -> str:
    """A data-modifying CTE: several tables, or one by several events, in one statement."""
    parts = []
    names = [table.name]
    for number in range(rng.randint(1, 2)):
        other = rng.choice(tables)
        # No row may be changed twice by one statement: PostgreSQL leaves open which one wins.
        if other.name in names:
            continue
        names.append(other.name)
        make = rng.choice([_insert, _update, _delete])
        parts.append(f"w{number} as ({make(rng, other, tables)} returning 1)")
    main = rng.choice([_insert, _update, _delete])(rng, table, tables)
    return f"with {', '.join(parts)} {main}" if parts else main


def _merge(rng: Random, table: Relation, tables: list[Relation]) -> str:
    if not table.key:
        return _update(rng, table, tables)
    names = ", ".join(c.name for c in table.columns)
    found = rng.choice([c for c in table.columns if c.name != table.key])
    listed = ", ".join(f"s.{c.name}" for c in table.columns)
    matched = rng.choice([f"update set {found.name} = s.{found.name}", "delete", "do nothing"])
    return (
        f"merge into {table.name} as t using (values {_rows(rng, table)}) as s({names})"
        f" on t.{table.key} = s.{table.key} when matched then {matched}"
        f" when not matched then insert values ({listed})"
    )
