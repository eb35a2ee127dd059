"""A linear block: UNION ALL of select-project-join branches, the input of every operator.

Linear means that a change of an input maps to a change of the output without looking at
what the output was: selection, projection, UNION ALL, inner joins; and, with a look at the
other side's counts, left, semi and anti joins (Budiu et al., DBSP, PVLDB 16(7), 2023).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Literal

from sqlglot import exp

from penstock_ivm.errors import Unmaintainable
from penstock_ivm.expressions import (
    aliases,
    bare,
    equality,
    never_null,
    references,
    render,
    strip,
)
from penstock_ivm.keys import hashed
from penstock_ivm.names import fit
from penstock_ivm.relation import Table
from penstock_ivm.session import ident

Kind = Literal["inner", "left", "semi", "anti"]


@dataclass(frozen=True)
class Leaf:
    """One table as a branch reads it.

    keys: pairs (outer expression, inner expression) that must be equal; for an inner leaf
    the conditions stand in the branch's `where` instead. filter: conditions on the leaf alone.
    Of leaves that are not inner: residual, what else must hold between the leaf and those
    before it; gate, what must hold of those before it alone.
    """

    alias: str
    table: Table
    kind: Kind = "inner"
    keys: tuple[tuple[exp.Expr, exp.Expr], ...] = ()
    filter: tuple[exp.Expr, ...] = ()
    residual: tuple[exp.Expr, ...] = ()
    gate: tuple[exp.Expr, ...] = ()


@dataclass(frozen=True)
class Call:
    """Functions, or VALUES, of the columns that stand before: they read no table.

    items: function calls whose rows stand side by side (ROWS FROM), or one VALUES, or one query.
    definitions: for each item its column definition list, or ''. columns: one name a column; the
    last one is the row's number, which names it beside the keys of what the call reads. kind: an
    inner call's conditions stand in the branch's `where`, a left call's in `filter`.
    """

    alias: str
    items: tuple[exp.Expr, ...]
    columns: tuple[str, ...]
    definitions: tuple[str, ...] = ()
    kind: Literal["inner", "left"] = "inner"
    filter: tuple[exp.Expr, ...] = ()

    def reads(self) -> set[str]:
        """The aliases that must stand before."""
        found = {alias for node in (*self.items, *self.filter) for alias in aliases(node)}
        return found - {self.alias}

    def moved(self, move: Callable[[exp.Expr], exp.Expr]) -> Call:
        """Return the call with its expressions rewritten."""
        return replace(
            self,
            items=tuple(move(node) for node in self.items),
            filter=tuple(move(node) for node in self.filter),
        )

    @property
    def sql(self) -> str:
        """How the call stands after CROSS JOIN or LEFT JOIN."""
        shown = f"as {ident(self.alias)}({', '.join(map(ident, self.columns))})"
        (first, *_) = self.items
        if isinstance(first, exp.Query):
            return (
                f"lateral (select *, row_number() over () from ({render(first)}) as rows) {shown}"
            )
        if isinstance(first, exp.Values):
            rows = [
                f"({', '.join([*map(render, row.expressions), str(number)])})"
                for number, row in enumerate(first.expressions, 1)
            ]
            return f"lateral (values {', '.join(rows)}) {shown}"
        parts = [
            render(item) + (f" as ({definition})" if definition else "")
            for item, definition in zip_longest(self.items, self.definitions)
        ]
        return f"lateral rows from ({', '.join(parts)}) with ordinality {shown}"


@dataclass(frozen=True)
class Branch:
    """One SELECT without aggregates: leaves, conditions, what each output is, and calls."""

    leaves: tuple[Leaf, ...]
    where: tuple[exp.Expr, ...]
    outputs: dict[str, exp.Expr] = field(hash=False)
    calls: tuple[Call, ...] = ()

    @property
    def items(self) -> tuple[Leaf | Call, ...]:
        """All that stands in FROM, but for the order."""
        return (*self.leaves, *self.calls)

    def leaf(self, alias: str) -> Leaf:
        """Return the leaf of that alias."""
        return next(leaf for leaf in self.leaves if leaf.alias == alias)

    def of_kind(self, *kinds: Kind) -> Iterator[Leaf]:
        """Leaves of these kinds, in their order."""
        return (leaf for leaf in self.leaves if leaf.kind in kinds)

    def expressions(self) -> Iterator[exp.Expr]:
        """Every expression of the branch."""
        yield from self.outputs.values()
        yield from self.where
        for call in self.calls:
            yield from call.items
            yield from call.filter
        for leaf in self.leaves:
            yield from leaf.filter
            yield from leaf.residual
            yield from leaf.gate
            for outer, inner in leaf.keys:
                yield outer
                yield inner

    def columns_of(self, alias: str) -> list[str]:
        """The columns that the branch reads of a leaf, sorted."""
        used = {pair for node in self.expressions() for pair in references(node)}
        return sorted(name for of, name in used if of == alias)

    def never_null(self, node: exp.Expr) -> bool:
        """Whether an expression over the leaves is provably not null in the output."""
        required = {
            render(bare(condition.this))
            for condition in map(strip, self.where)
            if isinstance(condition, exp.Is)
            and condition.args.get("negate")
            and isinstance(condition.expression, exp.Null)
        }

        def is_set(found: exp.Expr) -> bool:
            if required and render(found) in required:
                return True
            if not isinstance(found, exp.Column):
                return False
            for call in self.calls:
                if call.alias == found.table:
                    return call.kind == "inner" and found.name == call.columns[-1]
            leaf = self.leaf(found.table)
            return leaf.kind == "inner" and leaf.table.column(found.name).not_null

        return never_null(node, is_set)


def moved(branch: Branch, move: Callable[[exp.Expr], exp.Expr]) -> Branch:
    """Return the branch with every expression exchanged for what `move` makes of it."""
    return Branch(
        tuple(
            replace(
                leaf,
                keys=tuple((move(a), move(b)) for a, b in leaf.keys),
                filter=tuple(move(f) for f in leaf.filter),
                residual=tuple(move(f) for f in leaf.residual),
                gate=tuple(move(f) for f in leaf.gate),
            )
            for leaf in branch.leaves
        ),
        tuple(move(node) for node in branch.where),
        {name: move(node) for name, node in branch.outputs.items()},
        tuple(call.moved(move) for call in branch.calls),
    )


@dataclass(frozen=True)
class Block:
    """Branches with the same output names."""

    branches: tuple[Branch, ...]

    @property
    def names(self) -> list[str]:
        """The output names, in order."""
        return list(self.branches[0].outputs)

    def tables(self) -> dict[str, Table]:
        """Every table read, by its SQL name, in order of appearance."""
        return {leaf.table.sql: leaf.table for branch in self.branches for leaf in branch.leaves}

    def columns_of(self, table: Table) -> set[str]:
        """The columns that are read of a table."""
        leaves = [(b, leaf) for b in self.branches for leaf in b.leaves]
        readers = [(b, leaf.alias) for b, leaf in leaves if leaf.table.sql == table.sql]
        return {name for branch, alias in readers for name in branch.columns_of(alias)}

    @property
    def level(self) -> int:
        """The level of a table that holds the block."""
        tables = self.tables().values()
        if not tables:
            raise Unmaintainable(
                "a query that reads no table cannot be maintained",
                full_sql(self),
                "it never changes: make it a plain view or a seed",
            )
        return 1 + max(table.level for table in tables)

    def never_null(self, name: str) -> bool:
        """Whether an output is provably never null."""
        return all(branch.never_null(branch.outputs[name]) for branch in self.branches)

    def with_outputs(self, make: dict[str, list[exp.Expr]]) -> Block:
        """Return the block with other outputs: name -> one expression a branch."""
        return Block(
            tuple(
                replace(branch, outputs={name: parts[i] for name, parts in make.items()})
                for i, branch in enumerate(self.branches)
            )
        )


def select_sql(
    branch: Branch,
    sources: dict[str, str],
    weight: str | None,
    *,
    expand: bool = False,
) -> str:
    """Write a branch as SELECT.

    sources: alias -> what stands in FROM for it, else the table itself. weight: expression for
    `__w`, or None for none. expand: repeat the rows of bags as often as they occur.
    """
    outputs = [f"{render(node)} as {ident(name)}" for name, node in branch.outputs.items()]
    if weight is not None:
        outputs.append(f"{weight} as __w")
    froms: list[str] = []
    conditions = [render(node) for node in branch.where]
    for leaf in branch.of_kind("inner"):
        froms.append(source_sql(leaf, sources))
        if expand and leaf.table.weight:
            froms.append(_times(leaf, f"{ident(leaf.alias)}.{ident(leaf.table.weight)}"))
        conditions += [render(node) for node in leaf.filter]
    for item in _after(branch, {leaf.alias for leaf in branch.of_kind("inner")}):
        if isinstance(item, Call):
            joined = _called(item)
        else:
            joined = f"left join {source_sql(item, sources)} on {_on(item)}"
            joined += _repeated(item) if expand else ""
        froms.append(joined)
    text = _joined(froms)
    conditions += [_exists(leaf, sources) for leaf in branch.of_kind("semi", "anti")]
    where = "\n    where " + "\n        and ".join(conditions) if conditions else ""
    return f"select {', '.join(outputs) or 'true as __row'}{text}{where}"


def _joined(froms: list[str]) -> str:
    """FROM, if anything stands there."""
    if not froms:
        return ""
    (first, *others) = froms
    for kind, nothing in (("cross join ", ""), ("left join ", "(select) as nothing left join ")):
        if first.startswith(kind):
            first = nothing + first.removeprefix(kind)
    joined = [
        item if item.startswith(("cross join ", "left join ")) else f"cross join {item}"
        for item in others
    ]
    return "\n    from " + "\n    ".join([first, *joined])


def _called(call: Call) -> str:
    if call.kind == "inner":
        return f"cross join {call.sql}"
    conditions = " and ".join(render(node) for node in call.filter) or "true"
    return f"left join {call.sql} on {conditions}"


def _after(branch: Branch, placed: set[str]) -> Iterator[Leaf | Call]:
    """Calls and left leaves, each after what it reads."""
    lefts = {leaf.alias for leaf in branch.of_kind("left")}
    waiting: list[Leaf | Call] = [
        *(call for call in branch.calls if call.alias not in placed),
        *branch.of_kind("left"),
    ]
    known = {call.alias for call in branch.calls} | lefts | placed
    while waiting:
        item = next(item for item in waiting if (_reads(item) & known) <= placed)
        waiting.remove(item)
        placed = placed | {item.alias}
        yield item


def _reads(item: Leaf | Call) -> set[str]:
    if isinstance(item, Call):
        return item.reads()
    nodes = [
        *item.filter,
        *item.residual,
        *item.gate,
        *(node for pair in item.keys for node in pair),
    ]
    return {alias for node in nodes for alias in aliases(node)} - {item.alias}


@dataclass(frozen=True)
class Condition:
    """A conjunct: SQL, the aliases it reads, and whether an index could serve it."""

    sql: str
    reads: frozenset[str]
    finds: bool


def driven_sql(
    branch: Branch,
    driver: str | None,
    sources: dict[str, str],
    weight: str | None,
    *,
    given: Iterable[Condition] = (),
    indexed: Collection[str] = (),
    expand: bool = False,
    last: str = "",
) -> str:
    """Write a branch as SELECT that starts at one inner leaf and looks the others up from there.

    PostgreSQL keeps the plan of a statement that ran in a trigger, and may have made it when
    every table was empty. So the order of joins is not its choice: each further leaf is a
    LATERAL subquery with OFFSET 0, which can only run from what stands before it, by index.
    driver: None where no inner leaf is. sources: as for select_sql; '' for a driver that stands
    outside. given: conditions that hold beside the branch's own, such as a key. indexed: aliases
    whose source is a table with few rows beside it, so that it is looked up as the table is.
    last: one more FROM item, which may read all others.
    """
    outputs = [f"{render(node)} as {ident(name)}" for name, node in branch.outputs.items()]
    if weight is not None:
        outputs.append(f"{weight} as __w")
    inner = list(branch.of_kind("inner"))
    waiting = [*given, *map(_condition, branch.where)]
    waiting += [
        Condition(
            " = ".join(render(hashed([side])) for side in both), frozenset(aliases(node)), False
        )
        for node in branch.where
        if (both := equality(node)) and any(is_hashed(branch, side) for side in both)
    ]
    waiting += [_condition(node) for leaf in inner for node in leaf.filter]
    text, placed = "(select) as nothing", set[str]()
    for first in [leaf for leaf in inner if leaf.alias == driver]:
        inner.remove(first)
        text = text if sources.get(first.alias) == "" else source_sql(first, sources)
        text += _repeated(first) if expand else ""
        placed.add(first.alias)
    for call in branch.calls:
        # Constants that a further leaf is found by.
        is_constant = call.kind == "inner" and not call.reads()
        if is_constant and any(c.finds and call.alias in c.reads for c in waiting):
            text += f"\n    {_called(call)}"
            placed.add(call.alias)
    while inner:
        leaf = max(inner, key=lambda leaf: _is_found(leaf, waiting, placed))
        inner.remove(leaf)
        placed.add(leaf.alias)
        if leaf.alias in sources and leaf.alias not in indexed:
            # A change, or a table with one: nothing leads there, so how to join it is planned.
            text += f"\n    cross join {source_sql(leaf, sources)}"
            continue
        here = [c for c in waiting if leaf.alias in c.reads and c.reads <= placed]
        waiting = [c for c in waiting if c not in here]
        text += f"\n    cross join {_looked_up(leaf, sources, [c.sql for c in here])}"
        text += _repeated(leaf) if expand else ""
    for item in _after(branch, placed):
        if isinstance(item, Call):
            text += f"\n    {_called(item)}"
            continue
        text += f"\n    left join {_looked_up(item, sources, [_on(item)])} on true"
        text += _repeated(item) if expand else ""
    conditions = [c.sql for c in waiting]
    conditions += [_exists(leaf, sources, " offset 0") for leaf in branch.of_kind("semi", "anti")]
    text += f"\n    cross join {last}" if last else ""
    where = "\n    where " + "\n        and ".join(conditions) if conditions else ""
    return f"select {', '.join(outputs) or 'true as __row'}\n    from {text}{where}"


def is_hashed(branch: Branch, side: exp.Expr) -> bool:
    """Whether rows are looked up by the hash of this side of an equality, where it is a text.

    See operators/lookup.py. A nondeterministic collation has equal texts with other hashes.
    """
    node = strip(side)
    if not isinstance(node, exp.DPipe):
        return False
    texts = [strip(part) for part in (node.this, node.expression)]
    is_text = any(
        isinstance(text, exp.Cast)
        and isinstance(strip(text.this), exp.Literal)
        and text.to.is_type(exp.DType.TEXT)
        for text in texts
    )
    leaves = {leaf.alias: leaf.table for leaf in branch.leaves}
    return is_text and all(
        alias in leaves and leaves[alias].has(name) and leaves[alias].column(name).deterministic
        for alias, name in references(node)
    )


def _condition(node: exp.Expr) -> Condition:
    return Condition(render(node), frozenset(aliases(node)), equality(node) is not None)


def _is_found(leaf: Leaf, waiting: list[Condition], placed: set[str]) -> tuple[int, int]:
    """How many conditions an index on the leaf could serve: from what is placed, and in all.

    A constant leads to many rows, and beside what is placed they would be a cross join.
    """
    served = [c for c in waiting if c.finds and leaf.alias in c.reads]
    served = [c for c in served if c.reads <= placed | {leaf.alias}]
    return sum(len(c.reads) > 1 for c in served), len(served)


def _looked_up(leaf: Leaf, sources: dict[str, str], conditions: list[str]) -> str:
    where = f" where {' and '.join(conditions)}" if conditions else ""
    source = source_sql(leaf, sources)
    return f"lateral (select * from {source}{where} offset 0) as {ident(leaf.alias)}"


def _repeated(leaf: Leaf) -> str:
    """A bag's row as often as it occurs."""
    if not leaf.table.weight:
        return ""
    count = f"{ident(leaf.alias)}.{ident(leaf.table.weight)}"
    count = f"coalesce({count}, 1)" if leaf.kind == "left" else count
    return f"\n    cross join {_times(leaf, count)}"


def _times(leaf: Leaf, count: str) -> str:
    """Rows as often as a count says; named, for several bags may stand in one FROM."""
    return f"generate_series(1, {count}) as {ident(fit(f'{leaf.alias}__times'))}"


def source_sql(leaf: Leaf, sources: dict[str, str]) -> str:
    """What stands in FROM for a leaf."""
    source = sources.get(leaf.alias)
    if source is None:
        source = leaf.table.sql
    return f"{source} as {ident(leaf.alias)}"


def _exists(leaf: Leaf, sources: dict[str, str], end: str = "") -> str:
    """Write that a semi or anti leaf has, or has not, a match; the gate is asked first."""
    found = f"exists (select from {source_sql(leaf, sources)} where {matches(leaf)}{end})"
    parts = [*(render(node) for node in leaf.gate), found]
    text = " and ".join(parts)
    if leaf.kind == "semi":
        return text
    return f"({text}) is not true" if leaf.gate else f"not {text}"


def matches(leaf: Leaf) -> str:
    """Write what must hold for a row of a left, semi or anti leaf to match, beside the gate."""
    parts = [f"{render(outer)} = {render(inner)}" for outer, inner in leaf.keys]
    parts += [render(node) for node in (*leaf.filter, *leaf.residual)]
    return " and ".join(parts) or "true"


def _on(leaf: Leaf) -> str:
    return " and ".join([*(render(node) for node in leaf.gate), matches(leaf)])


def full_sql(block: Block, *, inline: bool = False) -> str:
    """Write the whole block over the tables as they are; rows as often as they occur.

    inline: in place of state tables that are not built yet, SELECTs of their columns.
    """
    parts = []
    for branch in block.branches:
        sources = {
            leaf.alias: f"({leaf.table.stand_in})"
            for leaf in branch.leaves
            if inline and not leaf.table.is_built
        }
        parts.append(select_sql(branch, sources, None, expand=True))
    return "\n    union all\n    ".join(parts)
