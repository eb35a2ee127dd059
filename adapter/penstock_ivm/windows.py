"""Window functions and LIMIT as stages: which partitions are computed together, and in which order.

A stage adds columns to rows and leaves none out, so stages stack. Windows whose keys include
another's are computed with it: whoever reads that partition has read theirs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlglot import exp

from penstock_ivm.block import Block, Branch, Leaf
from penstock_ivm.builder import Builder
from penstock_ivm.expressions import column, function_name, render, strip
from penstock_ivm.grouping import ORDER_SHOWS
from penstock_ivm.operators.partition import Top
from penstock_ivm.ordering import order_key
from penstock_ivm.passes.limits import Limited
from penstock_ivm.refusals import refuse
from penstock_ivm.scope import Partial, project
from penstock_ivm.temporal import compared_with_clock

_HERE = "__here"


def first_rows(builder: Builder, block: Block, limited: Limited) -> Block:
    """Keep the rows that LIMIT and OFFSET leave of a block."""
    names = block.names
    shown = names[: limited.shown]
    if limited.limit is None and limited.offset is None:
        return block
    order = tuple(order_key(item, names[place]) for place, item in limited.order)
    top = Top(order, limited.limit, limited.offset, limited.ties)
    table = builder.partition(block, (), shown, {}, top)
    alias = builder.alias("top")
    return Block((Branch((Leaf(alias, table),), (), {n: column(alias, n) for n in shown}),))


@dataclass(frozen=True)
class _Call:
    """One window function: its SQL over the inputs' names, its partition's keys."""

    name: str
    node: exp.Expr
    keys: frozenset[str]

    @property
    def reads(self) -> set[str]:
        """The inputs that it reads."""
        return {found.name for found in self.node.find_all(exp.Column)}


class _Windows:
    """The window functions of one SELECT's outputs."""

    def __init__(self, outputs: dict[str, exp.Expr]) -> None:
        self.inputs: dict[str, exp.Expr] = {}
        self.calls: dict[str, _Call] = {}
        self._names: dict[str, str] = {}
        for name, node in outputs.items():
            if node.find(exp.Window) is None:
                self._names.setdefault(render(strip(node)), name)
                self.inputs[name] = node
        self.results = {name: self._result(name, node) for name, node in outputs.items()}

    def input(self, node: exp.Expr) -> str:
        """Name what a window reads; the same expression has one name."""
        text = render(strip(node))
        if text not in self._names:
            self._names[text] = f"__in{len(self.inputs) + 1}"
            self.inputs[self._names[text]] = strip(node).copy()
        return self._names[text]

    def _result(self, name: str, node: exp.Expr) -> exp.Expr:
        """An output over the last stage's table."""
        if name in self.inputs:
            return column(_HERE, name)
        window = strip(node)
        if isinstance(window, exp.Window):
            return column(_HERE, self._call(window, name))

        def replaced(part: exp.Expr) -> exp.Expr:
            if isinstance(part, exp.Window):
                return column(_HERE, self._call(part, ""))
            if isinstance(part, exp.Column):
                return column(_HERE, self.input(part))
            for key, value in list(part.args.items()):
                if isinstance(value, exp.Expr):
                    part.set(key, replaced(value))
                elif isinstance(value, list):
                    part.set(key, [replaced(v) if isinstance(v, exp.Expr) else v for v in value])
            return part

        return replaced(node.copy())

    def _call(self, window: exp.Window, wanted: str) -> str:
        text = render(window)
        if text not in self.calls:
            _refuse_order_that_shows(window)
            name = wanted or f"__window{len(self.calls) + 1}"
            keys = [self.input(key) for key in window.args.get("partition_by") or []]
            node = window.copy()
            node.set("partition_by", [_unqualified(key) for key in dict.fromkeys(keys)])
            for item in node.args["order"].expressions if node.args.get("order") else []:
                item.set("this", _unqualified(self.input(item.this)))
            for timed in compared_with_clock(node):
                timed.replace(_unqualified(self.input(timed)))
            for found in list(node.find_all(exp.Column)):
                if found.table:
                    found.replace(_unqualified(self.input(found)))
            self.calls[text] = _Call(name, node, frozenset(keys))
        return self.calls[text].name

    def stages(self) -> list[tuple[frozenset[str], list[_Call]]]:
        """Which are computed together; the fewest keys, which change most, last."""
        found: list[tuple[frozenset[str], list[_Call]]] = []
        for call in sorted(self.calls.values(), key=lambda call: len(call.keys)):
            for keys, calls in found:
                if keys <= call.keys:
                    calls.append(call)
                    break
            else:
                found.append((call.keys, [call]))
        return found[::-1]


def windowed(
    builder: Builder,
    partials: list[Partial],
    outputs: dict[str, exp.Expr],
    limit: tuple[exp.Window, int] | None = None,
) -> Block:
    """Project outputs with window functions out of a FROM clause.

    limit: keep as many rows of each partition as the ranking function among the outputs,
    the only one, numbers up to this.
    """
    windows = _Windows(outputs)
    top = None
    if limit is not None:
        window, most = limit
        order = window.args["order"].expressions if window.args.get("order") else []
        by = tuple(order_key(item, windows.input(item.this)) for item in order)
        top = Top(by, str(most), None, isinstance(window.this, exp.Rank))
    inputs = dict(windows.inputs) or {"__any": exp.true()}
    block = project(partials, inputs)
    stages = windows.stages()
    final = {found.name for node in windows.results.values() for found in node.find_all(exp.Column)}
    done: list[str] = []
    for number, (keys, calls) in enumerate(stages):
        later = stages[number + 1 :]
        needed = final | {n for _, rest in later for call in rest for n in call.reads | call.keys}
        shown = [name for name in [*inputs, *done] if name in needed]
        table = builder.partition(
            block,
            [name for name in inputs if name in keys],
            shown,
            {call.name: call.node for call in calls},
            top,
        )
        done += [call.name for call in calls]
        alias = builder.alias("windows")
        block = Block((Branch((Leaf(alias, table),), (), _columns(alias, [*shown, *done])),))
    (branch,) = block.branches
    (leaf,) = branch.leaves
    return Block(
        (
            Branch(
                branch.leaves,
                (),
                {name: _placed(node, leaf.alias) for name, node in windows.results.items()},
            ),
        )
    )


def _refuse_order_that_shows(window: exp.Window) -> None:
    """As for groups: without ORDER BY there is no one answer."""
    function = window.this
    while isinstance(function, (exp.Filter, exp.IgnoreNulls, exp.RespectNulls)):
        function = function.this
    name = function_name(function).lower()
    if name in ORDER_SHOWS and not window.args.get("order"):
        refuse(
            f"{name}() over a window without ORDER BY cannot be maintained",
            window,
            "its result depends on the order of rows: over (partition by … order by key …)",
        )


def _columns(alias: str, names: Iterable[str]) -> dict[str, exp.Expr]:
    return {name: column(alias, name) for name in dict.fromkeys(names)}


def _unqualified(name: str) -> exp.Column:
    return exp.column(exp.to_identifier(name, quoted=True))


def _placed(node: exp.Expr, alias: str) -> exp.Expr:
    return node.transform(lambda n: column(alias, n.name) if isinstance(n, exp.Column) else n)
