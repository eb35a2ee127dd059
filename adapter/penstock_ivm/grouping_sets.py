"""GROUPING SETS, ROLLUP and CUBE: one GROUP BY a set, side by side.

    SELECT a, b, sum(x), GROUPING(a) FROM t GROUP BY ROLLUP (a, b)
    SELECT c1, c2, c3, c4 FROM (
        SELECT a, b, sum(x), 0 FROM t GROUP BY a, b
        UNION ALL SELECT a, NULL, sum(x), 0 FROM t GROUP BY a
        UNION ALL SELECT NULL, NULL, sum(x), 1 FROM t)

What the SELECT computes of its groups stands over their union. The empty set has no GROUP BY,
so it gives one row when nothing is there.
https://www.postgresql.org/docs/current/queries-table-expressions.html#QUERIES-GROUPING-SETS
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence

from sqlglot import exp

from penstock_ivm.block import Block, Branch
from penstock_ivm.builder import Builder
from penstock_ivm.expressions import data_type, named, render, strip
from penstock_ivm.passes.group_levels import over_groups

_SETS = (exp.Rollup, exp.Cube, exp.GroupingSets)
_ROWS = "__rows"


def has_grouping_sets(query: exp.Expr) -> bool:
    """Whether a SELECT groups by several sets, or by the empty one."""
    group = query.args.get("group") if isinstance(query, exp.Select) else None
    return group is not None and any(
        isinstance(item, (*_SETS, exp.Tuple)) for item in group.expressions
    )


def grouping_sets(group: exp.Group) -> list[list[exp.Expr]]:
    """The sets of keys that a GROUP BY names, each key once."""
    found = []
    for chosen in itertools.product(*(_sets(item) for item in group.expressions)):
        keys = {render(key): key for part in chosen for key in part}
        found.append(keys)
    if group.args.get("all") is False:
        found = list({frozenset(keys): keys for keys in found}.values())
    return [list(keys.values()) for keys in found]


def _sets(item: exp.Expr) -> Iterator[list[exp.Expr]]:
    match item:
        case exp.GroupingSets():
            for part in item.expressions:
                yield from _sets(part)
        case exp.Rollup():
            units = [_unit(part) for part in item.expressions]
            for length in range(len(units), -1, -1):
                yield [key for unit in units[:length] for key in unit]
        case exp.Cube():
            units = [_unit(part) for part in item.expressions]
            for length in range(len(units), -1, -1):
                for some in itertools.combinations(units, length):
                    yield [key for unit in some for key in unit]
        case _:
            yield _unit(item)


def _unit(item: exp.Expr) -> list[exp.Expr]:
    item = strip(item)
    return [strip(key) for key in item.expressions] if isinstance(item, exp.Tuple) else [item]


def groups_apart(
    select: exp.Select, is_call: Callable[[exp.Expr], bool]
) -> tuple[exp.Select, list[exp.Select]]:
    """Return the SELECT over the union of the groups, and one SELECT a set.

    Each gives its own keys, under the names that the first one reads, then the aggregates.
    """
    sets = grouping_sets(select.args["group"])
    keys = list({render(key): key for keys in sets for key in keys}.values())
    outer = over_groups(select, is_call, keys)
    outer.set("with_", None)
    inner = outer.args["from_"].this.this
    return outer, [_of_set(inner, keys, chosen) for chosen in sets]


def _of_set(inner: exp.Select, keys: Sequence[exp.Expr], chosen: list[exp.Expr]) -> exp.Select:
    texts = {render(key) for key in chosen}
    left_out = {render(key) for key in keys} - texts
    found = inner.copy()
    found.set("group", exp.Group(expressions=[key.copy() for key in chosen]) if chosen else None)
    outputs: list[exp.Expr] = []
    for part in found.selects:
        node = part.unalias()
        if isinstance(node, exp.Grouping):
            bits = "".join("01"[render(strip(key)) in left_out] for key in node.expressions)
            number = exp.Literal.number(int(bits, 2))
            outputs.append(named(exp.Cast(this=number, to=data_type("integer")), part.alias))
        elif render(strip(node)) not in left_out:
            outputs.append(part)
    # Without it the empty set might not aggregate at all.
    found.set("expressions", [*outputs, named(exp.Count(this=exp.Star()), _ROWS)])
    return found


def together(builder: Builder, blocks: Sequence[Block]) -> Block:
    """Put the groups of all sets side by side, NULL of its type for a key that a set leaves out."""
    types = {column.name: column.type for block in blocks for column in builder.columns_of(block)}
    names = sorted(name for name in types if name != _ROWS)
    branches: list[Branch] = []
    for block in blocks:
        (branch,) = block.branches
        outputs = {
            name: branch.outputs.get(name) or exp.Cast(this=exp.Null(), to=data_type(types[name]))
            for name in names
        }
        branches += Block((branch,)).with_outputs({n: [e] for n, e in outputs.items()}).branches
    return Block(tuple(branches))
