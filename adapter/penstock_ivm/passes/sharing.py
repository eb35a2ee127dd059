"""Compute an expression once a row where a branch uses it several times.

Views inside views become one expression inside another, and what a staging view computed
once stands in the text ten times. In a delta the repeated parts move into LATERAL subqueries
(with OFFSET 0, which keeps PostgreSQL from putting them back). Only what cannot raise moves:
a cast guarded by CASE must stay behind its guard.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from sqlglot import exp

from penstock_ivm.block import Branch
from penstock_ivm.expressions import aliases, column, render, strip

Layer = dict[str, exp.Expr]
"""Column -> expression over the leaves and the layers before."""

_LAYERS = 8
# Never raise, whatever the values: operators on json and text, comparisons, conditionals.
_SAFE = (
    exp.Column,
    exp.Identifier,
    exp.Literal,
    exp.Null,
    exp.Boolean,
    exp.Paren,
    exp.JSONExtract,
    exp.JSONExtractScalar,
    exp.JSONBExtract,
    exp.JSONBExtractScalar,
    exp.JSONPath,
    exp.JSONPathRoot,
    exp.JSONPathKey,
    exp.JSONPathSubscript,
    exp.Coalesce,
    exp.Nullif,
    exp.Lower,
    exp.Upper,
    exp.Trim,
    exp.DPipe,
    exp.Case,
    exp.If,
    exp.And,
    exp.Or,
    exp.Not,
    exp.Is,
    exp.EQ,
    exp.NEQ,
    exp.GT,
    exp.GTE,
    exp.LT,
    exp.LTE,
    exp.Array,
    exp.DataType,
    exp.Tuple,
    exp.Var,
)
_SAFE_FUNCTIONS = frozenset(
    {"jsonb_typeof", "btrim", "array_remove", "cardinality", "left", "regexp_replace"}
)
_CHEAP = (exp.Column, exp.Literal, exp.Null, exp.Boolean, exp.Identifier, exp.DataType)


def share(branch: Branch, leaf: str) -> tuple[Branch, dict[str, Layer]]:
    """Return the branch reading repeated parts from layers, and the layers by alias, in order.

    Only parts that read the leaf of this alias move: a layer over two leaves would force
    their join before it. Conditions of left, semi and anti leaves stay as they are.
    """
    layers: dict[str, Layer] = {}
    while len(layers) < _LAYERS:
        repeated = _smallest_repeated(branch, {leaf, *layers})
        if not repeated:
            break
        alias = f"__once{len(layers) + 1}"
        names = {text: f"v{i}" for i, text in enumerate(repeated, 1)}
        layers[alias] = {name: repeated[text] for text, name in names.items()}

        def exchange(node: exp.Expr, names: dict[str, str] = names, alias: str = alias) -> exp.Expr:
            if isinstance(node, _CHEAP) or not _may_move(node):
                return node
            name = names.get(render(strip(node)))
            return column(alias, name) if name is not None else node

        branch = replace(
            branch,
            where=tuple(node.copy().transform(exchange) for node in branch.where),
            outputs={n: node.copy().transform(exchange) for n, node in branch.outputs.items()},
        )
    return branch, layers


def _smallest_repeated(branch: Branch, readable: set[str]) -> Layer:
    """Parts that stand more than once and hold no smaller part that does."""
    counts: Counter[str] = Counter()
    nodes: dict[str, exp.Expr] = {}
    for root in (*branch.outputs.values(), *branch.where):
        for node in root.walk():
            if isinstance(node, (*_CHEAP, exp.Paren)) or not _may_move(node):
                continue
            if not aliases(node) <= readable:
                continue
            text = render(node)
            counts[text] += 1
            nodes[text] = node
    repeated = {text: nodes[text] for text, count in counts.items() if count > 1}
    return {
        text: node
        for text, node in repeated.items()
        if not any(
            part is not node and not isinstance(part, _CHEAP) and render(strip(part)) in repeated
            for part in node.walk()
        )
    }


def _may_move(node: exp.Expr) -> bool:
    """Whether a part is worth a column of its own, and safe to compute for every row."""
    if isinstance(node, (exp.JSONPath, exp.JSONPathRoot, exp.JSONPathKey, exp.Var, exp.If)):
        return False
    if isinstance(node, exp.Anonymous) and isinstance(node.parent, exp.Dot):
        return False  # its schema goes with it
    return node.find(exp.Column) is not None and all(_is_safe(part) for part in node.walk())


def _is_safe(node: exp.Expr) -> bool:
    if isinstance(node, exp.Cast):
        return isinstance(strip(node.this), (exp.Literal, exp.Null))
    if isinstance(node, exp.Dot):
        # Functions of schema penstock give NULL where others raise (sql/functions).
        return isinstance(node.this, exp.Identifier) and node.this.name == "penstock"
    if isinstance(node, exp.Anonymous):
        parent = node.parent
        return (isinstance(parent, exp.Dot) and _is_safe(parent)) or (
            node.name.lower() in _SAFE_FUNCTIONS
        )
    if isinstance(node, exp.Func) and not isinstance(node, _SAFE):
        return node.sql_name().lower() in _SAFE_FUNCTIONS
    return isinstance(node, _SAFE)
