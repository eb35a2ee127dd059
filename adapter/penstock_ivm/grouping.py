"""GROUP BY as planned: keys, what the aggregates read, and how results are made of state."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

from sqlglot import exp

from penstock_ivm.errors import Unmaintainable
from penstock_ivm.expressions import (
    column,
    conjuncts,
    function_name,
    reads_table,
    render,
    strip,
    substitute,
)
from penstock_ivm.names import fit
from penstock_ivm.operators.accumulators import (
    Accumulator,
    Booleans,
    CountValues,
    DistinctCount,
    Extreme,
    First,
    Recomputed,
    Sum,
)
from penstock_ivm.operators.aggregate import COUNT
from penstock_ivm.ordering import OrderKey
from penstock_ivm.passes.correlation import own_nodes
from penstock_ivm.relation import Column
from penstock_ivm.temporal import compared_with_clock

# The order of their input shows in the result: without ORDER BY they have no one answer.
ORDER_SHOWS = frozenset(
    [
        "array_agg",
        "string_agg",
        "json_agg",
        "jsonb_agg",
        "json_object_agg",
        "jsonb_object_agg",
        "xmlagg",
        "any_value",
    ]
)


@dataclass
class Grouping:
    """One SELECT with aggregates.

    keys: name -> expression; inputs: keys and arguments, name -> expression, all over the
    FROM clause's aliases. outputs: expressions over the placeholder alias `_HERE`.
    """

    select: exp.Select
    aggregates: frozenset[str]
    keys: dict[str, exp.Expr] = field(default_factory=dict)
    inputs: dict[str, exp.Expr] = field(default_factory=dict)
    outputs: dict[str, exp.Expr] = field(default_factory=dict)
    conditions: list[exp.Expr] = field(default_factory=list)
    calls: dict[str, _Call] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @staticmethod
    def of(select: exp.Select, aggregates: frozenset[str]) -> Grouping | None:
        """Read a SELECT; None when it neither groups nor aggregates."""
        having = select.args.get("having")
        parts = [*select.selects, *([having] if having else [])]
        found = Grouping(select, aggregates)
        group = select.args.get("group")
        if group is None and not any(
            is_call(n, found.aggregates) for p in parts for n in own_nodes(p)
        ):
            return None
        found._read()
        return found

    # ---- reading ------------------------------------------------------------------

    def _read(self) -> None:
        group = self.select.args.get("group")
        texts: dict[str, str] = {}
        named = {render(strip(p.unalias())): p.alias_or_name for p in self.select.selects}
        for node in group.expressions if group is not None else []:
            text = render(strip(node))
            if text in texts:
                continue
            name = named.get(text) or (node.name if isinstance(strip(node), exp.Column) else "")
            if not name or name in self.keys:
                name = f"__key{len(self.keys) + 1}"
            self.keys[name] = strip(node)
            texts[text] = name
        self.inputs.update(self.keys)
        for part in self.select.selects:
            self.outputs[part.alias_or_name] = self._rewrite(
                part.unalias(), texts, part.alias_or_name
            )
        having = self.select.args.get("having")
        for node in conjuncts(having.this if having is not None else None):
            self.conditions.append(self._rewrite(node, texts, ""))

    def _rewrite(self, node: exp.Expr, texts: dict[str, str], wanted: str) -> exp.Expr:
        """Exchange keys and aggregates for columns of the state; top down, largest first."""
        text = render(strip(node))
        if text in texts:
            return column(_HERE, texts[text])
        call = self._call(node, wanted)
        if call is not None:
            return call.result.copy()
        if isinstance(node, exp.Column):
            _refuse(
                f"{render(node)} is neither grouped nor aggregated",
                self.select,
                "add it to GROUP BY",
            )
        if isinstance(node, (exp.Select, exp.SetOperation)) and not reads_table(node):
            return substitute(node, lambda found: self._rewrite(found, texts, ""))
        if isinstance(node, (exp.Select, exp.SetOperation)):
            _refuse("a subquery beside aggregates cannot be maintained", node, "join it in FROM")
        copy = node.copy()
        for key, value in node.args.items():
            if isinstance(value, exp.Expr):
                copy.set(key, self._rewrite(value, texts, ""))
            elif isinstance(value, list):
                copy.set(
                    key,
                    [self._rewrite(v, texts, "") if isinstance(v, exp.Expr) else v for v in value],
                )
        return copy

    def _call(self, node: exp.Expr, wanted: str) -> _Call | None:
        """Recognise an aggregate call, with its FILTER, or the first element of an array_agg."""
        outer = strip(node)
        first = None
        if isinstance(outer, exp.Bracket) and len(outer.expressions) == 1:
            inner = strip(outer.this)
            bare = inner.this if isinstance(inner, exp.Filter) else inner
            if isinstance(strip(bare), exp.ArrayAgg) and render(outer.expressions[0]) == "0":
                first = inner
        subject = first if first is not None else outer
        condition = None
        if isinstance(subject, exp.Filter):
            condition = strip(subject.expression.this)
            subject = strip(subject.this)
        if not is_call(subject, self.aggregates):
            return None
        text = render(outer)
        if text not in self.calls:
            self.calls[text] = self._make(outer, subject, condition, first is not None, wanted)
        return self.calls[text]

    def _make(
        self,
        outer: exp.Expr,
        subject: exp.Expr,
        condition: exp.Expr | None,
        is_first: bool,
        wanted: str,
    ) -> _Call:
        name = self._state_name(wanted)
        argument: Any = subject.this if not isinstance(subject, exp.Anonymous) else None
        if is_first:
            return self._first(name, subject, condition, outer)
        is_distinct = isinstance(argument, exp.Distinct)
        match subject:
            case exp.Count() if is_distinct and argument is not None:
                if len(argument.expressions) == 1 and not _is_row(argument.expressions[0]):
                    value = self._input(_gated(argument.expressions[0], condition))
                    return _Call("distinct", name, column(_HERE, name), value)
            case exp.Count() if argument is None or isinstance(argument, exp.Star):
                if condition is None:
                    return _Call("rows", COUNT, column(_HERE, COUNT), "")
                value = self._input(_gated(exp.true(), condition))
                return _Call("count", name, column(_HERE, name), value)
            case exp.Count() if not subject.expressions and not is_distinct:
                value = self._input(_gated(argument, condition))
                return _Call("count", name, column(_HERE, name), value)
            case exp.Sum() | exp.Avg() if not is_distinct:
                value = self._input(_gated(argument, condition))
                kind = "sum" if isinstance(subject, exp.Sum) else "avg"
                return _Call(kind, name, column(_HERE, name), value, self._again(outer))
            case exp.Min() | exp.Max() if not subject.expressions:
                target = argument.expressions[0] if is_distinct else argument
                value = self._input(_gated(target, condition))
                kind = "min" if isinstance(subject, exp.Min) else "max"
                return _Call(kind, name, column(_HERE, name), value)
            case exp.Anonymous() if function_name(subject) == "every" and not _is_marked(subject):
                value = self._input(_gated(subject.expressions[0], condition))
                return _Call("and", name, _boolean(name, "and"), value)
            case exp.LogicalAnd() | exp.LogicalOr() if not is_distinct:
                value = self._input(_gated(argument, condition))
                kind = "and" if isinstance(subject, exp.LogicalAnd) else "or"
                return _Call(kind, name, _boolean(name, kind), value)
        if function_name(subject) in ORDER_SHOWS and subject.find(exp.Order) is None:
            _refuse(
                f"{function_name(subject)}() without ORDER BY cannot be maintained",
                outer,
                "its result depends on the order of rows: write agg(x order by key)",
            )
        return _Call("again", name, column(_HERE, name), "", self._again(outer))

    def _first(
        self, name: str, subject: exp.Expr, condition: exp.Expr | None, outer: exp.Expr
    ) -> _Call:
        order = subject.this
        if not isinstance(order, exp.Order):
            _refuse(
                "the first element of an array_agg() without ORDER BY cannot be maintained",
                outer,
                "write (array_agg(x order by t desc, id desc))[1]",
            )
        value = self._input(order.this)
        by = []
        for part in order.expressions:
            descending = bool(part.args.get("desc"))
            nulls_first = part.args.get("nulls_first")
            by.append(
                (
                    self._input(part.this),
                    descending,
                    descending if nulls_first is None else bool(nulls_first),
                )
            )
        gate = self._input(condition) if condition is not None else None
        return _Call("first", name, column(_HERE, name), value, None, tuple(by), gate)

    def _again(self, outer: exp.Expr) -> str:
        """The aggregate over the block's outputs: its columns become inputs."""
        copy = outer.copy()
        for timed in compared_with_clock(copy):
            timed.replace(exp.column(exp.to_identifier(self._input(timed), quoted=True)))
        for found in list(copy.find_all(exp.Column)):
            if not found.table:
                continue
            found.replace(exp.column(exp.to_identifier(self._input(found), quoted=True)))
        return render(copy)

    def _input(self, node: exp.Expr) -> str:
        """Name an argument; the same expression has one name, a key keeps its own."""
        text = render(strip(node))
        for name, have in self.inputs.items():
            if render(have) == text:
                return name
        name = f"__in{len(self.inputs) + 1}"
        self.inputs[name] = strip(node)
        return name

    def _state_name(self, wanted: str) -> str:
        name = fit(wanted, _ROOM)
        taken = {call.name for call in self.calls.values()} | set(self.keys) | {"", COUNT}
        while name in taken or name.startswith("?"):
            name = f"__agg{next(self._numbers)}"
        return name

    # ---- giving -------------------------------------------------------------------

    def distinct_counts(self) -> list[tuple[str, str]]:
        """(state column, input) of every count(distinct …)."""
        return [(call.name, call.value) for call in self.calls.values() if call.kind == "distinct"]

    def accumulators(
        self, types: dict[str, Column], steady: frozenset[str]
    ) -> tuple[Accumulator, ...]:
        """The accumulators, by the types of what they read; `steady` inputs have one scale."""
        found: dict[str, Accumulator] = {}
        for call in self.calls.values():
            for accumulator in _accumulators(call, types, steady):
                found.setdefault(accumulator.name, accumulator)
        return tuple(found.values())

    def results(self, alias: str) -> dict[str, exp.Expr]:
        """Output name -> expression over the state table under this alias."""
        return {name: _placed(node, alias) for name, node in self.outputs.items()}

    def having(self, alias: str) -> list[exp.Expr]:
        """HAVING over the state table under this alias."""
        return [_placed(node, alias) for node in self.conditions]


@dataclass
class _Call:
    """One aggregate: `result` over the placeholder alias; it may be set once types are known."""

    kind: str
    name: str
    result: exp.Expr
    value: str
    again: str | None = None
    order: tuple[tuple[str, bool, bool], ...] = ()
    condition: str | None = None


_HERE = "__state"
# Accumulators add to the name, at most "__by99__gone": it must still fit 63 bytes.
_ROOM = 50


def _accumulators(
    call: _Call, types: dict[str, Column], steady: frozenset[str]
) -> list[Accumulator]:
    """Accumulators of one call."""
    match call.kind:
        case "rows":
            return []
        case "count":
            return [CountValues(call.name, call.value)]
        case "distinct":
            return [DistinctCount(call.name, call.value)]
        case "min" | "max":
            kind = types[call.value]
            is_min = call.kind == "min"
            return [Extreme(call.name, call.value, is_min, kind.is_builtin, kind.is_faithful)]
        case "and" | "or":
            return [Booleans(call.name, call.value)]
        case "first":
            order = tuple(OrderKey(n, d, f, types[n].is_builtin) for n, d, f in call.order)
            return [First(call.name, call.value, order, call.condition)]
        case "sum" | "avg":
            return _sums(call, types[call.value], one_scale=call.value in steady)
        case _:
            return [Recomputed(call.name, call.again or "")]


def _sums(call: _Call, kind: Column, *, one_scale: bool) -> list[Accumulator]:
    if not kind.sums_exactly:
        # Floating-point addition is not associative: subtracting does not undo adding.
        return [Recomputed(call.name, call.again or "")]
    is_numeric = kind.base_type == "numeric"
    varying = kind.type == "numeric" and not one_scale
    total = "bigint" if kind.base_type in ("smallint", "integer") else "numeric"
    return [
        Sum(f"{call.name}__sum", call.value, total, varying, is_numeric),
        CountValues(f"{call.name}__values", call.value),
    ]


def finish(grouping: Grouping, types: dict[str, Column]) -> None:
    """Write the results of sums and averages, now that the types of their terms are known."""
    for call in grouping.calls.values():
        if call.kind in ("sum", "avg") and types[call.value].sums_exactly:
            total, values = (column(_HERE, f"{call.name}__{part}") for part in ("sum", "values"))
            amount: exp.Expr = total
            if call.kind == "avg":
                amount = exp.Div(
                    this=exp.Cast(this=total, to=exp.DataType.build("numeric")),
                    expression=exp.Cast(this=values.copy(), to=exp.DataType.build("numeric")),
                )
            result = exp.Case(
                ifs=[
                    exp.If(this=exp.GT(this=values, expression=exp.Literal.number(0)), true=amount)
                ]
            )
            old = column(_HERE, call.name)
            grouping.outputs = {
                n: _exchanged(node, old, result) for n, node in grouping.outputs.items()
            }
            grouping.conditions = [_exchanged(node, old, result) for node in grouping.conditions]


def _exchanged(node: exp.Expr, old: exp.Expr, new: exp.Expr) -> exp.Expr:
    return node.transform(lambda n: exp.Paren(this=new.copy()) if n == old else n)


def _boolean(name: str, kind: str) -> exp.Expr:
    """bool_and: no false among some; bool_or: a true among some; NULL for none."""
    yes, no = column(_HERE, f"{name}__true"), column(_HERE, f"{name}__false")
    zero = exp.Literal.number(0)
    some = exp.GT(this=exp.Add(this=yes, expression=no), expression=zero)
    answer = (
        exp.EQ(this=no.copy(), expression=zero.copy())
        if kind == "and"
        else exp.GT(this=yes.copy(), expression=zero.copy())
    )
    return exp.Paren(this=exp.Case(ifs=[exp.If(this=some, true=answer)]))


def _gated(value: exp.Expr, condition: exp.Expr | None) -> exp.Expr:
    """FILTER as a value that is NULL where the condition does not hold."""
    if condition is None:
        return value
    return exp.Case(ifs=[exp.If(this=condition.copy(), true=value.copy())])


def _placed(node: exp.Expr, alias: str) -> exp.Expr:
    return node.transform(
        lambda n: column(alias, n.name) if isinstance(n, exp.Column) and n.table == _HERE else n
    )


def is_call(node: exp.Expr, aggregates: frozenset[str]) -> bool:
    """Whether an expression is a call of an aggregate; aggregates: those the model calls.

    With OVER it is a window function, and none.
    """
    if isinstance(node, exp.Window) or _has_over(node):
        return False
    if isinstance(node, (exp.AggFunc, exp.WithinGroup)):
        return True
    if isinstance(node, exp.Dot):
        node = node.expression
    return isinstance(node, (exp.Func, exp.Anonymous)) and function_name(node) in aggregates


def _is_marked(call: exp.Expr) -> bool:
    """Whether an aggregate's arguments are DISTINCT or ordered."""
    return any(isinstance(part, (exp.Distinct, exp.Order)) for part in call.expressions)


def _is_row(node: exp.Expr) -> bool:
    """Whether a value is a row, which no state column can hold."""
    return isinstance(strip(node), exp.Tuple) or function_name(strip(node)).lower() == "row"


def _has_over(node: exp.Expr) -> bool:
    parent = node.parent
    while isinstance(parent, (exp.Filter, exp.IgnoreNulls, exp.RespectNulls, exp.Dot)):
        node, parent = parent, parent.parent
    return isinstance(parent, exp.Window) and parent.this is node


def _refuse(primary: str, node: exp.Expr, hint: str) -> NoReturn:
    text = render(node)
    raise Unmaintainable(primary, text if len(text) < 200 else text[:197] + "...", hint)
