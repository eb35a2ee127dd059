"""Compute an expression once a row where a branch uses it several times.

Views inside views become one expression inside another, and what a staging view computed
once stands in the text ten times. In a delta the repeated parts become columns of subqueries
around the changed rows (with OFFSET 0, which keeps PostgreSQL from putting them back). What may
raise moves only where every row computes it anyway, whole: a cast guarded by CASE must stay behind
its guard.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from sqlglot import exp

from penstock_ivm.block import Branch
from penstock_ivm.expressions import Same, aliases, column, copied, references, strip

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
    # Where the leaf is alone, every row that its own conditions leave has its outputs computed.
    surely = len(branch.outputs) if len(branch.leaves) == 1 and not branch.calls else 0
    roots = tuple(map(Same, (*branch.outputs.values(), *branch.where)))
    nodes, layers = _shared(leaf, roots, surely)
    outputs = dict(zip(branch.outputs, nodes, strict=False))
    where = tuple(nodes[len(outputs) :])
    return replace(branch, outputs=outputs, where=where), layers


def is_asked_first(condition: exp.Expr, leaf: str, layers: list[Layer]) -> bool:
    """Whether a condition is over the leaf's own columns, so that it is asked before any layer."""
    moved = {name for layer in layers for name in layer}
    return aliases(condition) == {leaf} and not any(n in moved for _, n in references(condition))


# An INSERT, an UPDATE and a DELETE of a leaf share the same parts.
@lru_cache(maxsize=16)
def _shared(leaf: str, nodes: tuple[Same, ...], surely: int) -> tuple[list[exp.Expr], list[Layer]]:
    """Share parts of the nodes, the first `surely` of which are computed for every row."""
    roots: list[exp.Expr] = [exp.Paren(this=copied(same.node)) for same in nodes]
    layers: list[Layer] = []
    reader = _Reader(leaf)
    while len(layers) < _LAYERS:
        layer = _next_layer(roots, reader, f"__once{len(layers) + 1}")
        if not layer:
            break
        layers.append(layer)
    # Other conditions are asked last, so that rows come this far that they leave out.
    if surely and all(is_asked_first(root, leaf, layers) for root in roots[surely:]):
        layer = _sure_layer(roots, surely, reader, f"__once{len(layers) + 1}")
        layers += [layer] if layer else []
    return [root.this for root in roots], layers


@dataclass(slots=True)
class _Part:
    """What is known of a subtree. key: equal for equal subtrees, brackets aside.

    is_worth: a column of its own, if it may be computed for every row.
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
    counts = Counter(part.key for part in _parts(read) if part.is_worth and part.is_safe)
    layer = _Growing(reader, stem)

    def exchange(part: _Part) -> bool:
        """Replace the repeated parts under here; whether there were any."""
        found = [exchange(inner) for inner in part.parts]
        if any(found):
            reader.forget(part)
            return True
        if not (part.is_worth and counts[part.key] > 1):
            return False
        layer.take(part)
        return True

    for part in read:
        exchange(part)
    return layer.columns


def _sure_layer(roots: list[exp.Expr], surely: int, reader: _Reader, stem: str) -> Layer:
    """Move the largest repeated parts that every row computes, though they may raise."""
    read = [reader.read(root) for root in roots]
    counts = Counter(part.key for part in _parts(read) if part.is_worth)
    sure: set[int] = set()
    todo = read[:surely]
    while todo:
        part = todo.pop()
        sure.add(part.key)
        if _computes_all(part.node):
            todo += part.parts
    layer = _Growing(reader, stem)
    todo = list(read)
    while todo:
        part = todo.pop(0)
        if part.is_worth and counts[part.key] > 1 and part.key in sure:
            layer.take(part)
        else:
            todo += part.parts
    return layer.columns


def _parts(read: list[_Part]) -> Iterator[_Part]:
    """All parts, and theirs."""
    todo = list(read)
    while todo:
        part = todo.pop()
        todo += part.parts
        yield part


class _Growing:
    """A layer that takes parts out of the text, equal ones once."""

    def __init__(self, reader: _Reader, stem: str) -> None:
        self.columns: Layer = {}
        self._reader = reader
        self._stem = stem
        self._names: dict[int, str] = {}

    def take(self, part: _Part) -> None:
        """Put a column in the part's place."""
        self._reader.forget(part)
        name = self._names.setdefault(part.key, f"{self._stem}_{len(self._names) + 1}")
        if name not in self.columns:
            self.columns[name] = copied(part.node)
        part.node.replace(column(self._reader.leaf, name))


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
        if isinstance(node, (exp.Column, exp.Literal)):
            # Most nodes are these and the names inside; they are equal where sqlglot says so.
            key = self._keys.setdefault(node, len(self._keys))
            read = frozenset([node.table] if isinstance(node, exp.Column) else [])
            return _Part(node, key, True, False, read, [])
        parts = {id(child): self.read(child) for child in node.iter_expressions()}
        inner = list(parts.values())
        safe = _is_safe(node) and all(part.is_safe for part in inner)
        aliases = frozenset[str]().union(*(part.aliases for part in inner))
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
        worth = aliases == {self.leaf} and _is_costly(node)
        return _Part(node, key, safe, worth, aliases, inner)


def _is_costly(node: exp.Expr) -> bool:
    """Whether reading a column is cheaper than the node."""
    if isinstance(node, exp.Anonymous) and isinstance(node.parent, exp.Dot):
        return False  # its schema goes with it
    return isinstance(node, _COSTLY) or _is_typeof(node)


def _computes_all(node: exp.Expr) -> bool:
    """Whether every part of the node is computed, whatever the others are: not of CASE, say."""
    if isinstance(node, exp.Func) and not isinstance(node.parent, exp.Dot):
        name = node.name if isinstance(node, exp.Anonymous) else node.sql_name()
        if name.lower() in _SAFE_FUNCTIONS:
            return True
    return isinstance(node, (exp.Paren, exp.DPipe, exp.Array))


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
