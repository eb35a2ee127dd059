"""The stages of one plan, as they are added: each operator over its block."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, replace

from sqlglot import exp

from penstock_ivm.block import Block, Branch, Leaf, full_sql, moved
from penstock_ivm.expressions import (
    aliases,
    column,
    data_type,
    equality,
    grouped,
    renaming,
    render,
    strip,
    substitute,
)
from penstock_ivm.grouping import Grouping, finish
from penstock_ivm.names import free
from penstock_ivm.operators.accumulators import CountValues
from penstock_ivm.operators.aggregate import COUNT, ONE, Aggregate
from penstock_ivm.operators.bag import ROW_ID, Bag, KeylessBag
from penstock_ivm.operators.components import COMPONENT, NODE, Components
from penstock_ivm.operators.partition import Partition, Top, is_served
from penstock_ivm.operators.stage import Stage, typed
from penstock_ivm.operators.top_one import TopOne
from penstock_ivm.ordering import OrderKey
from penstock_ivm.refusals import refuse
from penstock_ivm.relation import STATE, WEIGHT, Column, Table
from penstock_ivm.scales import one_scale
from penstock_ivm.scope import Partial
from penstock_ivm.session import ident
from penstock_ivm.settling import settled
from penstock_ivm.temporal import clocks, columns_for_time, has_clock, is_unfit, refuse_keys


class Builder:
    """Adds stages to a plan, and gives back the block that reads what they hold.

    model: name that the state tables begin with. describe: the columns of a SELECT. taken:
    names that state tables may not have.
    """

    def __init__(
        self, model: str, describe: Callable[[str], Sequence[Column]], taken: set[str]
    ) -> None:
        self.model = model
        self.describe = describe
        self.taken = taken
        self.stages: list[Stage] = []
        self.reserved: set[str] = set()
        """Names that the model itself uses: aliases are others."""
        self._numbers = itertools.count(1)
        self._signatures: dict[str, str] = {}

    def columns_of(self, block: Block) -> Sequence[Column]:
        """The columns that a block gives."""
        return self.describe(full_sql(block, inline=True))

    def same_types(self, block: Block) -> tuple[Block, Sequence[Column]]:
        """Cast the branches' outputs to the types that the UNION gives them; give these, too.

        Each branch stands alone in a delta, where nothing else would unify their types.
        """
        width = len(block.names)
        if len(block.branches) == 1 or not width:
            return block, self.columns_of(block)
        listed = [
            f"select {', '.join(f'b{i}.{ident(n)} as c{i}_{j}' for j, n in enumerate(block.names))}"
            f" from ({full_sql(Block((branch,)), inline=True)}) as b{i}"
            for i, branch in enumerate(block.branches)
        ]
        apart = self.describe(
            "select * from " + ", ".join(f"({sql}) as b{i}" for i, sql in enumerate(listed))
        )
        of_branch = [
            [replace(c, name=n) for c, n in zip(apart[at:], block.names, strict=False)]
            for at in range(0, len(apart), width)
        ]
        if all(have == of_branch[0] for have in of_branch):
            return block, of_branch[0]
        columns = self.columns_of(block)
        outputs = {
            col.name: [
                branch.outputs[col.name]
                if have[j].type == col.type
                else exp.Cast(this=grouped(branch.outputs[col.name]).copy(), to=data_type(col.type))
                for branch, have in zip(block.branches, of_branch, strict=True)
            ]
            for j, col in enumerate(columns)
        }
        return block.with_outputs(outputs), columns

    def bag(self, block: Block, name: str) -> Table:
        """Keep a block as rows."""
        keys = _source_keys(block)
        outputs = {n: [b.outputs[n] for b in block.branches] for n in block.names}
        if keys is None:
            block = block.with_outputs(outputs)
            table = self._table(name, (ROW_ID,))
            stage: Stage = KeylessBag(table, block, carried=tuple(outputs))
        else:
            names = _named(keys, outputs)
            block = block.with_outputs(outputs)
            stage = Bag(self._table(name, names), block)
        return self.add(stage)

    def partition(
        self,
        block: Block,
        partition: Sequence[str],
        shown: Sequence[str],
        computed: dict[str, exp.Expr],
        top: Top | None = None,
    ) -> Table:
        """Keep rows of a block with what is computed over their partitions."""
        if len(block.branches) > 1:
            block, _ = self.same_types(block)
        if not all(is_served(branch, tuple(partition), top) for branch in block.branches):
            # No index leads to a partition's rows: keep the rows, and look there.
            table = self.bag(block, f"{self.model}__rows")
            alias = self.alias("rows")
            outputs: dict[str, exp.Expr] = {n: column(alias, n) for n in block.names}
            block = Block((Branch((Leaf(alias, table),), (), outputs),))
        kept = {n: [b.outputs[n] for b in block.branches] for n in block.names}
        keys = _source_keys(block)
        names = (ROW_ID,) if keys is None else _named(keys, kept)
        carried = list(dict.fromkeys([*shown, *partition, *(names if keys is not None else ())]))
        stage = Partition(
            self._table(f"{self.model}__{'windows' if computed else 'top'}", names),
            block.with_outputs(kept),
            partition=tuple(partition),
            shown=tuple(carried),
            computed=computed,
            top=top,
        )
        return self.add(stage)

    def distinct(self, block: Block) -> Block:
        """Group by every output."""
        stage = Aggregate(self._table(f"{self.model}__distinct", tuple(block.names)), block)
        table = self.add(stage)
        alias = self.alias("distinct")
        outputs: dict[str, exp.Expr] = {name: column(alias, name) for name in block.names}
        return Block((Branch((Leaf(alias, table),), (), outputs),))

    def counted(self, block: Block, names: list[str], flags: Sequence[str]) -> Table:
        """Group by some outputs; of the others, count how many are not NULL."""
        stage = Aggregate(
            self._table(f"{self.model}__counted", tuple(names)),
            block,
            accumulators=tuple(CountValues(flag, flag) for flag in flags),
        )
        return self.add(stage)

    def aggregate(self, partials: list[Partial], grouping: Grouping) -> Block:
        """GROUP BY with its aggregates; HAVING filters what it gives."""
        outputs = {
            name: [partial.resolve(node) for partial in partials]
            for name, node in grouping.inputs.items()
        }
        block = Block(
            tuple(
                p.branch({n: parts[i] for n, parts in outputs.items()})
                for i, p in enumerate(partials)
            )
        )
        types: dict[str, Column] = {}
        if outputs:
            block, columns = self.same_types(block)
            types = {c.name: c for c in columns}
        steady = frozenset(name for name in outputs if one_scale(block, name))
        accumulators = grouping.accumulators(types, steady)
        finish(grouping, types)
        keys = tuple(grouping.keys)
        distincts = {}
        for state, argument in grouping.distinct_counts():
            chosen = {n: [b.outputs[n] for b in block.branches] for n in (*keys, argument)}
            values = block.with_outputs(chosen)
            set_only = Block(
                tuple(
                    replace(
                        b,
                        where=(
                            *b.where,
                            # IS NOT NULL asks a composite whether all its fields are set.
                            exp.NullSafeNEQ(
                                this=grouped(b.outputs[argument]).copy(), expression=exp.Null()
                            ),
                        ),
                    )
                    for b in values.branches
                )
            )
            distincts[state] = self.add(
                Aggregate(self._table(f"{self.model}__values", tuple(chosen)), set_only)
            )
        table = self._table(f"{self.model}__groups", keys or (ONE,))
        stage = Aggregate(
            table, block, accumulators=accumulators, distincts=distincts, one_row=not keys
        )
        made = self.add(stage)
        alias = self.alias("groups")
        shown = grouping.results(alias)
        having = tuple(grouping.having(alias))
        return Block((Branch((Leaf(alias, made),), having, shown),))

    def first(
        self,
        partials: list[Partial],
        keys: Iterable[exp.Expr],
        order: Iterable[exp.Expr],
        block: Block,
    ) -> Block:
        """Plan the first row of each partition."""
        outputs = {n: [b.outputs[n] for b in block.branches] for n in block.names}

        def known(node: exp.Expr, fallback: str) -> str:
            parts = [partial.resolve(strip(node)) for partial in partials]
            for name, have in outputs.items():
                if [render(strip(p)) for p in have] == [render(strip(p)) for p in parts]:
                    return name
            outputs[fallback] = parts
            return fallback

        # A correlation may ask for a key that DISTINCT ON names as well.
        names = list(dict.fromkeys(known(node, f"__key{i}") for i, node in enumerate(keys, 1)))
        if not names:
            outputs[ONE] = [exp.true() for _ in partials]
            names = [ONE]
        by = []
        for number, part in enumerate(order, 1):
            descending = bool(part.args.get("desc"))
            name = known(part.this, f"__by{number}")
            nulls_first = part.args.get("nulls_first")
            by.append((name, descending, descending if nulls_first is None else bool(nulls_first)))
        body, columns = self.same_types(block.with_outputs(outputs))
        types = {c.name: c for c in columns}
        stage = TopOne(
            self._table(f"{self.model}__first", tuple(names)),
            body,
            order=tuple(OrderKey(n, d, f, types[n].is_builtin) for n, d, f in by),
        )
        table = self.add(stage, columns)
        alias = self.alias("first")
        shown: dict[str, exp.Expr] = {name: column(alias, name) for name in block.names}
        return Block((Branch((Leaf(alias, table),), (), shown),))

    def components(self, block: Block, links: exp.Expr) -> Block:
        """Connected components over distinct links; `links` is what a refusal shows."""
        for name in ("a", "b"):
            if not block.never_null(name):
                refuse(
                    f"links with a NULL end ({name}) cannot be maintained as components",
                    links,
                    f"filter them out in the model's links: where {name} is not null",
                )
        distinct = block if _are_links(block) else self.distinct(block)
        table = self.add(Components(self._table(f"{self.model}__labels", (NODE,)), distinct))
        alias = self.alias("labels")
        shown: dict[str, exp.Expr] = {n: column(alias, n) for n in (NODE, COMPONENT)}
        return Block((Branch((Leaf(alias, table),), (), shown),))

    def add(self, stage: Stage, columns: Sequence[Column] | None = None) -> Table:
        """Take a stage into the plan; the same work twice is one stage. Return its table.

        columns: of the state table, where they are known; else PostgreSQL is asked.
        """
        stage = replace(stage, block=self._found_by_time(stage))
        stage = replace(stage, block=settled(self, stage.block, stage.searched))
        known = self._known(stage)
        if known is not None:
            self.taken.discard(stage.table.name)
            return known
        columns = [
            replace(c, not_null=c.not_null or _is_set(stage, c.name))
            for c in columns or self.describe(_definition(stage))
        ]
        table = replace(typed(stage.table, columns), is_built=False, level=stage.block.level)
        if stage.distincts if isinstance(stage, Aggregate) else False:
            highest = max(t.level for t in stage.distincts.values())  # type: ignore[attr-defined]
            table = replace(table, level=max(table.level, highest + 1))
        self.stages.append(replace(stage, table=table))
        return table

    def _known(self, stage: Stage) -> Table | None:
        """The table of a stage that does the same work already."""
        alike = [
            s for s in self.stages if type(s) is type(stage) and s.table.key == stage.table.key
        ]
        if not alike:
            return None
        for other in alike:
            if other.table.name not in self._signatures:
                self._signatures[other.table.name] = _canonical(other)
        signature = _canonical(stage)
        return next((s.table for s in alike if self._signatures[s.table.name] == signature), None)

    def _found_by_time(self, stage: Stage) -> Block:
        """The stage's block such that a tick, and a change of a key, find their rows by index.

        What is compared with the clock must be of one inner leaf, and a key that depends on the
        clock a column: else the rows are kept first, and this reads them.
        """
        block = stage.block
        if not clocks(block):
            return block
        for branch in block.branches:
            refuse_keys(branch)
        branches = tuple(self._rebased(b) if is_unfit(b) else b for b in block.branches)
        block = Block(branches)
        keys = [n for n in stage.table.key if n in block.names]
        if any(has_clock(b.outputs[name]) for b in block.branches for name in keys):
            return self._kept(block)
        return block

    def _rebased(self, branch: Branch) -> Branch:
        """The branch over a bag of what its outputs and its conditions with the clock read."""
        timed = tuple(node for node in branch.where if has_clock(node))
        plain = tuple(node for node in branch.where if not has_clock(node))
        read = columns_for_time(branch)
        names = {render(node): f"c{number}" for number, node in enumerate(read, 1)}
        inside = replace(branch, where=plain, outputs={names[render(node)]: node for node in read})
        (kept,) = self._kept(Block((inside,))).branches

        def over(node: exp.Expr) -> exp.Expr:
            return substitute(node, lambda c: kept.outputs[names[render(c)]])

        return Branch(
            kept.leaves,
            tuple(over(node) for node in timed),
            {name: over(node) for name, node in branch.outputs.items()},
        )

    def _kept(self, block: Block) -> Block:
        """Keep a block as rows, and read them."""
        table = self.bag(block, f"{self.model}__timed")
        alias = self.alias("timed")
        outputs: dict[str, exp.Expr] = {name: column(alias, name) for name in block.names}
        return Block((Branch((Leaf(alias, table),), (), outputs),))

    def _table(self, name: str, key: tuple[str, ...]) -> Table:
        return Table(STATE, free(name, self.taken), (), key)

    def alias(self, name: str) -> str:
        """Return an alias that nothing else in the plan has."""
        base = name if name.strip("_") else "t"
        found = ""
        while not found or found in self.reserved:
            found = f"{base.encode()[:48].decode(errors='ignore')}_{next(self._numbers)}"
        return found


def renamed_branch(branch: Branch, fresh: dict[str, str]) -> Branch:
    """Return the branch with the aliases of its leaves and calls exchanged."""
    changed = moved(branch, renaming(fresh))
    leaves = tuple(replace(leaf, alias=fresh[leaf.alias]) for leaf in changed.leaves)
    calls = tuple(replace(call, alias=fresh[call.alias]) for call in changed.calls)
    return replace(changed, leaves=leaves, calls=calls)


def _definition(stage: Stage) -> str:
    """The stage's build query, without state tables that are not built yet."""
    text = stage.build_sql()
    if all(table.is_built for table in stage.block.tables().values()):
        return text
    return text.replace(full_sql(stage.block), full_sql(stage.block, inline=True))


def _source_keys(block: Block) -> list[exp.Expr] | None:
    """Expressions that name a row of the block, or None where rows have no name."""
    if len(block.branches) != 1:
        return None
    (branch,) = block.branches
    equal: list[tuple[str, set[str]]] = []
    for condition in branch.where:
        both = equality(condition)
        if both:
            for one, other in (both, both[::-1]):
                equal.append((render(strip(one)), aliases(other)))
    keys: list[exp.Expr] = []
    fixed: set[str] = set()
    for leaf in branch.of_kind("inner", "left"):
        if not leaf.table.key or leaf.table.weight:
            return None
        own = {render(column(leaf.alias, name)): name for name in leaf.table.key}
        if leaf.kind == "left":
            joined = {render(strip(inner)) for _, inner in leaf.keys}
            if set(own) <= joined:
                continue  # at most one row matches
        determined = all(
            any(text == one and other and other <= fixed for one, other in equal) for text in own
        )
        fixed.add(leaf.alias)
        if determined and keys:
            continue
        keys += [column(leaf.alias, name) for name in leaf.table.key]
    if not keys:
        return None
    return keys + [column(call.alias, call.columns[-1]) for call in branch.calls]


def _named(keys: list[exp.Expr], outputs: dict[str, list[exp.Expr]]) -> tuple[str, ...]:
    """Find the keys among the outputs of a single branch; add those that are not there."""
    names = []
    for number, node in enumerate(keys, 1):
        known = next((n for n, (e,) in outputs.items() if e == node), None)
        if known is None:
            known = f"__key{number}"
            outputs[known] = [node]
        names.append(known)
    return tuple(names)


def _are_links(block: Block) -> bool:
    """Whether the block is a state table of distinct links (a, b) as it stands."""
    (branch, *others) = block.branches
    (leaf, *joined) = branch.leaves
    return (
        not others
        and not joined
        and not branch.calls
        and not branch.where
        and not leaf.filter
        and leaf.table.is_state
        and leaf.table.weight is None
        and set(leaf.table.key) == {"a", "b"}
        and all(
            render(strip(node)) == render(column(leaf.alias, name))
            for name, node in branch.outputs.items()
        )
    )


def _is_set(stage: Stage, name: str) -> bool:
    """Whether a state column is provably not null."""
    if name in (WEIGHT, COUNT, ONE, ROW_ID, NODE, COMPONENT):
        return True
    return name in stage.block.names and (
        not isinstance(stage, KeylessBag) and stage.block.never_null(name)
    )


def _canonical(stage: Stage) -> str:
    """What the stage does, with aliases numbered afresh: they differ from use to use."""
    names: dict[str, str] = {}
    for branch in stage.block.branches:
        for item in branch.items:
            names.setdefault(item.alias, f"leaf{len(names) + 1}")
    found = re.compile("|".join(re.escape(ident(alias)) for alias in names) or "(?!)")
    text = found.sub(lambda one: names[one[0][1:-1].replace('""', '"')], full_sql(stage.block))
    parts = [text]
    parts += [
        repr(getattr(stage, part.name))
        for part in fields(stage)
        if part.name not in ("table", "block")
    ]
    return "\n".join(parts)
