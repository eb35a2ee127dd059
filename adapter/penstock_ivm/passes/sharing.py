"""Compute an expression once a row where a branch uses it several times.

Views inside views become one expression inside another, and what a staging view computed
once stands in the text ten times. In a delta the repeated parts become columns of subqueries
around the changed rows (with OFFSET 0, which keeps PostgreSQL from putting them back). Only
what cannot raise moves:
a cast guarded by CASE must stay behind its guard.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, replace

from sqlglot import exp

from penstock_ivm.block import Branch
from penstock_ivm.expressions import column, strip

Layer = dict[str, exp.Expr]
"""Column -> expression over the leaf's columns and those of the layers before."""

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
    exp.Any,
    exp.All,
    exp.In,
    exp.Between,
    exp.NullSafeEQ,
    exp.NullSafeNEQ,
)
# What is worth a column: the rest is as cheap again as reading one.
_COSTLY = (
    exp.JSONExtract,
    exp.JSONExtractScalar,
    exp.JSONBExtract,
    exp.JSONBExtractScalar,
    exp.Dot,
    exp.Anonymous,
    exp.Lower,
    exp.Upper,
    exp.Trim,
    exp.RegexpReplace,
    exp.DPipe,
)
_SAFE_FUNCTIONS = frozenset(
    {"jsonb_typeof", "btrim", "array_remove", "cardinality", "left", "regexp_replace"}
)


def share(branch: Branch, leaf: str) -> tuple[Branch, list[Layer]]:
    """Return the branch reading repeated parts as columns of the leaf, and what gives them.

    Only parts that read the leaf of this alias alone move: a column over two leaves would
    force their join before it. Conditions of left, semi and anti leaves stay as they are.
    """
    roots: list[exp.Expr] = [
        exp.Paren(this=node.copy()) for node in (*branch.outputs.values(), *branch.where)
    ]
    layers: list[Layer] = []
    while len(layers) < _LAYERS:
        layer = _next_layer(roots, leaf, f"__once{len(layers) + 1}")
        if not layer:
            break
        layers.append(layer)
    count = len(branch.outputs)
    outputs = {n: root.this for n, root in zip(branch.outputs, roots[:count], strict=True)}
    where = tuple(root.this for root in roots[count:])
    return replace(branch, outputs=outputs, where=where), layers


@dataclass(slots=True)
class _Part:
    """What is known of a subtree. key: equal for equal subtrees, brackets aside."""

    node: exp.Expr
    key: int
    is_safe: bool
    aliases: frozenset[str]
    parts: list[_Part]


def _next_layer(roots: list[exp.Expr], leaf: str, stem: str) -> Layer:
    """Move the smallest repeated parts out of the roots, which are changed in place."""
    keys: dict[Hashable, int] = {}
    read = [_read(root, keys) for root in roots]
    counts: Counter[int] = Counter()
    todo = list(read)
    while todo:
        part = todo.pop()
        todo += part.parts
        if _is_worth(part, leaf):
            counts[part.key] += 1
    layer: Layer = {}
    names: dict[int, str] = {}

    def exchange(part: _Part) -> bool:
        """Replace the repeated parts under here; whether there were any."""
        found = [exchange(inner) for inner in part.parts]
        if any(found):
            return True
        if not (_is_worth(part, leaf) and counts[part.key] > 1):
            return False
        if part.key not in names:
            names[part.key] = f"{stem}_{len(names) + 1}"
            layer[names[part.key]] = part.node.copy()
        part.node.replace(column(leaf, names[part.key]))
        return True

    for part in read:
        exchange(part)
    return layer


def _read(node: exp.Expr, keys: dict[Hashable, int]) -> _Part:
    """Number a subtree, equal ones alike, from the leaves up."""
    parts: dict[int, _Part] = {}
    for child in node.iter_expressions():
        parts[id(child)] = _read(child, keys)
    inner = list(parts.values())
    safe = _is_safe(node) and all(part.is_safe for part in inner)
    if isinstance(node, exp.Column):
        aliases = frozenset({node.table})
    else:
        aliases = frozenset().union(*(part.aliases for part in inner))
    if isinstance(node, exp.Paren):
        return _Part(node, inner[0].key, safe, aliases, inner)

    def mark(value: object) -> Hashable:
        if isinstance(value, exp.Expr):
            return parts[id(value)].key
        if isinstance(value, list):
            return tuple(mark(item) for item in value)
        return str(value)

    signature = (type(node), *((name, mark(value)) for name, value in node.args.items() if value))
    key = keys.setdefault(signature, len(keys))
    return _Part(node, key, safe, aliases, inner)


def _is_worth(part: _Part, leaf: str) -> bool:
    """Whether a part is worth a column of its own, and safe to compute for every row."""
    node = part.node
    if not part.is_safe or not (isinstance(node, _COSTLY) or _is_typeof(node)):
        return False
    if isinstance(node, exp.Anonymous) and isinstance(node.parent, exp.Dot):
        return False  # its schema goes with it
    return part.aliases == {leaf}


def _is_typeof(node: exp.Expr) -> bool:
    return isinstance(node, exp.Func) and node.sql_name().lower() == "jsonb_typeof"


def _is_safe(node: exp.Expr) -> bool:
    """Whether the node itself cannot raise; its parts are asked apart."""
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
