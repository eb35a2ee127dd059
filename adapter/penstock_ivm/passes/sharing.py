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
from functools import lru_cache

from sqlglot import exp

from penstock_ivm.block import Branch
from penstock_ivm.expressions import Same, column, copied, strip

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
    nodes, layers = _shared(leaf, tuple(map(Same, (*branch.outputs.values(), *branch.where))))
    outputs = dict(zip(branch.outputs, nodes, strict=False))
    where = tuple(nodes[len(outputs) :])
    return replace(branch, outputs=outputs, where=where), layers


# An INSERT, an UPDATE and a DELETE of a leaf share the same parts.
@lru_cache(maxsize=16)
def _shared(leaf: str, nodes: tuple[Same, ...]) -> tuple[list[exp.Expr], list[Layer]]:
    roots: list[exp.Expr] = [exp.Paren(this=copied(same.node)) for same in nodes]
    layers: list[Layer] = []
    reader = _Reader(leaf)
    while len(layers) < _LAYERS:
        layer = _next_layer(roots, reader, f"__once{len(layers) + 1}")
        if not layer:
            break
        layers.append(layer)
    return [root.this for root in roots], layers


@dataclass(slots=True)
class _Part:
    """What is known of a subtree. key: equal for equal subtrees, brackets aside.

    is_worth: a column of its own, and safe to compute for every row.
    """

    node: exp.Expr
    key: int
    is_safe: bool
    is_worth: bool
    aliases: frozenset[str]
    parts: list[_Part]


def _next_layer(roots: list[exp.Expr], reader: _Reader, stem: str) -> Layer:
    """Move the smallest repeated parts out of the roots, which are changed in place."""
    read = [reader.read(root) for root in roots]
    counts: Counter[int] = Counter()
    todo = list(read)
    while todo:
        part = todo.pop()
        todo += part.parts
        if part.is_worth:
            counts[part.key] += 1
    layer: Layer = {}
    names: dict[int, str] = {}

    def exchange(part: _Part) -> bool:
        """Replace the repeated parts under here; whether there were any."""
        found = [exchange(inner) for inner in part.parts]
        if any(found):
            reader.forget(part)
            return True
        if not (part.is_worth and counts[part.key] > 1):
            return False
        reader.forget(part)
        if part.key not in names:
            names[part.key] = f"{stem}_{len(names) + 1}"
            layer[names[part.key]] = copied(part.node)
        part.node.replace(column(reader.leaf, names[part.key]))
        return True

    for part in read:
        exchange(part)
    return layer


class _Reader:
    """Reads subtrees from the leaves up, each once: a layer changes few of them.

    leaf: the alias that a part must read, and no other, to be worth a column.
    """

    def __init__(self, leaf: str) -> None:
        self.leaf = leaf
        self._keys: dict[Hashable, int] = {}
        self._known: dict[int, _Part] = {}

    def forget(self, part: _Part) -> None:
        """Read a subtree anew, which is about to change."""
        self._known.pop(id(part.node), None)

    def read(self, node: exp.Expr) -> _Part:
        """Number a subtree, equal ones alike."""
        found = self._known.get(id(node))
        if found is None:
            found = self._known[id(node)] = self._read(node)
        return found

    def _read(self, node: exp.Expr) -> _Part:
        parts = {id(child): self.read(child) for child in node.iter_expressions()}
        inner = list(parts.values())
        safe = _is_safe(node) and all(part.is_safe for part in inner)
        if isinstance(node, exp.Column):
            aliases = frozenset({node.table})
        else:
            aliases = frozenset().union(*(part.aliases for part in inner))
        if isinstance(node, exp.Paren):
            return _Part(node, inner[0].key, safe, False, aliases, inner)

        def mark(value: object) -> Hashable:
            if isinstance(value, exp.Expr):
                return parts[id(value)].key
            if isinstance(value, list):
                return tuple(mark(item) for item in value)
            return str(value)

        signature = (
            type(node),
            *((name, mark(value)) for name, value in node.args.items() if value),
        )
        key = self._keys.setdefault(signature, len(self._keys))
        worth = safe and aliases == {self.leaf} and _is_costly(node)
        return _Part(node, key, safe, worth, aliases, inner)


def _is_costly(node: exp.Expr) -> bool:
    """Whether reading a column is cheaper than the node."""
    if isinstance(node, exp.Anonymous) and isinstance(node.parent, exp.Dot):
        return False  # its schema goes with it
    return isinstance(node, _COSTLY) or _is_typeof(node)


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
