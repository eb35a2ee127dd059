"""Small questions about SQL expressions: which columns, which conjuncts, may it be null."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from sqlglot import exp

Reference = tuple[str, str]
"""(alias, column)."""


# sqlglot's functions that are written as operators, or with words in between.
_NAMELESS = (
    exp.And,
    exp.Or,
    exp.Case,
    exp.Cast,
    exp.Array,
    exp.JSONExtract,
    exp.JSONExtractScalar,
    exp.JSONBExtract,
    exp.JSONBExtractScalar,
)


class Same:
    """An expression as a key of what was made of it: the very same one, not changed since.

    sqlglot's own equality does not tell the keys of `x -> 'Id'` and `x -> 'id'` apart.
    """

    __slots__ = ("node", "stamp")

    def __init__(self, node: exp.Expr) -> None:
        self.node = node
        self.stamp = hash(node)

    def __hash__(self) -> int:
        return id(self.node)  # equal ones would all meet in one place of a table

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.node is other.node and self.stamp == other.stamp


def render(node: exp.Expr) -> str:
    """Write an expression as PostgreSQL reads it; a plan writes the same one a dozen times."""
    return _written(Same(node))


@lru_cache(maxsize=1_000)
def _written(same: Same) -> str:
    return same.node.sql(dialect="postgres", normalize_functions="lower")


def children(node: exp.Expr) -> list[exp.Expr]:
    """List the parts of a node, in order."""
    found: list[exp.Expr] = []
    for value in node.args.values():
        if isinstance(value, exp.Expr):
            found.append(value)
        elif isinstance(value, list):
            found += [part for part in value if isinstance(part, exp.Expr)]
    return found


def walk(node: exp.Expr) -> Iterator[exp.Expr]:
    """Go over a tree from its root, left to right, in one generator: sqlglot has three inside."""
    todo = [node]
    while todo:
        node = todo.pop()
        yield node
        todo += reversed(children(node))


def column(alias: str, name: str) -> exp.Column:
    """Build alias.name, both quoted."""
    return exp.Column(
        this=exp.to_identifier(name, quoted=True), table=exp.to_identifier(alias, quoted=True)
    )


def references(node: exp.Expr) -> frozenset[Reference]:
    """Every (alias, column) the expression reads from outside itself."""
    found = _reads(node)
    if not found.own:
        return found.columns
    return frozenset((alias, name) for alias, name in found.columns if alias not in found.own)


class _Reads(NamedTuple):
    """own: the aliases that subqueries inside give; '' among them if there are any.

    Subqueries stay in expressions where they read no table. Builder.alias() gives leaves other
    names than any in the model.
    """

    columns: frozenset[Reference]
    own: frozenset[str]


_NOTHING = _Reads(frozenset(), frozenset())
_COLUMNLESS = (exp.Identifier, exp.Literal, exp.DataType, exp.Null, exp.Boolean)


def _reads(node: exp.Expr) -> _Reads:
    if isinstance(node, exp.Column):
        return _Reads(frozenset([(node.table, node.name)]), frozenset())
    return _NOTHING if isinstance(node, _COLUMNLESS) else _read(Same(node))


@lru_cache(maxsize=20_000)
def _read(same: Same) -> _Reads:
    found = [part for child in children(same.node) if (part := _reads(child)) is not _NOTHING]
    own = _own_aliases(same.node) if isinstance(same.node, exp.Select) else frozenset[str]()
    if not found and not own:
        return _NOTHING
    if len(found) == 1 and not own:
        return found[0]
    return _Reads(
        frozenset[Reference]().union(*(part.columns for part in found)),
        own.union(*(part.own for part in found)),
    )


def _own_aliases(select: exp.Select) -> frozenset[str]:
    own = {""}
    start = select.args.get("from_")
    items = [start.this] if start is not None else []
    todo = [*items, *(join.this for join in select.args.get("joins") or [])]
    while todo:
        item = todo.pop()
        own.add(item.alias_or_name)
        todo += [join.this for join in item.args.get("joins") or []]
        if isinstance(item, (exp.Subquery, exp.Paren)) and not item.alias:
            todo.append(item.this)
    return frozenset(own)


def reads_table(node: exp.Expr) -> bool:
    """Whether a subquery inside the expression reads a table or a CTE."""
    if node.find(exp.Select, exp.SetOperation) is None:
        return False
    return any(isinstance(table.this, exp.Identifier) for table in node.find_all(exp.Table))


def function_name(node: exp.Expr) -> str:
    """The name that PostgreSQL knows a function by, without its schema; '' for anything else."""
    match node:
        case exp.WithinGroup():
            return function_name(node.this)
        case exp.Dot():
            return function_name(node.expression)
        case exp.Anonymous():
            return node.name
        case exp.Func() if not isinstance(node, _NAMELESS):
            return render(node).split("(")[0].lower()
        case _:
            return ""


def aliases(node: exp.Expr) -> set[str]:
    """Every alias the expression reads."""
    return {alias for alias, _ in references(node)}


def named(node: exp.Expr, name: str) -> exp.Alias:
    """Write `node AS name`, the name quoted."""
    return exp.Alias(this=node.copy(), alias=exp.to_identifier(name, quoted=True))


def strip(node: exp.Expr) -> exp.Expr:
    """Remove the parentheses around an expression."""
    while isinstance(node, exp.Paren):
        node = node.this
    return node


def conjuncts(node: exp.Expr | None) -> Iterator[exp.Expr]:
    """Split a condition at its top-level ANDs; each part can stand beside another AND."""
    if node is None:
        return
    node = strip(node)
    if isinstance(node, exp.And):
        yield from conjuncts(node.this)
        yield from conjuncts(node.expression)
    else:
        yield exp.Paren(this=node) if isinstance(node, exp.Or) else node


def grouped(node: exp.Expr) -> exp.Expr:
    """Put parentheses around what is not an atom, so that it can stand anywhere."""
    if isinstance(node, (exp.Column, exp.Literal, exp.Paren, exp.Cast, exp.Func)):
        return node
    return exp.Paren(this=node)


def substitute(node: exp.Expr, lookup: Callable[[exp.Column], exp.Expr]) -> exp.Expr:
    """Return the expression with every column exchanged for what `lookup` says.

    What reads no column, and what stands for one, is not copied and may stand in several trees:
    whoever changes one in place, copies it before.
    """
    return substitution(lookup)(node)


def substitution(lookup: Callable[[exp.Column], exp.Expr]) -> Callable[[exp.Expr], exp.Expr]:
    """Return substitute() for several expressions: what stands in all of them is made once."""
    done: dict[int, tuple[exp.Expr, exp.Expr]] = {}

    def exchanged(root: exp.Expr) -> exp.Expr:
        own = _reads(root).own

        def made(part: exp.Expr) -> exp.Expr:
            if isinstance(part, exp.Column) and part.table not in own:
                return grouped(lookup(part))
            if isinstance(part, _COLUMNLESS):
                return part
            known = done.get(id(part))
            if known is None:
                known = part, _rebuilt(part, made)
                if not own:
                    done[id(part)] = known
            return known[1]

        return made(root)

    return exchanged


def copied(node: exp.Expr) -> exp.Expr:
    """Return a copy; the parser's notes, which sqlglot's copy() keeps, are left out."""
    return _rebuilt(node, copied)


def _rebuilt(node: exp.Expr, made: Callable[[exp.Expr], exp.Expr]) -> exp.Expr:
    """Return a node with its parts exchanged for what is made of them."""

    def part(value: Any) -> Any:
        if isinstance(value, exp.Expr):
            return made(value)
        return [part(item) for item in value] if isinstance(value, list) else value

    return type(node)(**{name: part(value) for name, value in node.args.items()})


def renaming(names: Mapping[str, str]) -> Callable[[exp.Expr], exp.Expr]:
    """Return what exchanges aliases in expressions."""
    return substitution(lambda c: column(names.get(c.table, c.table), c.name))


def equality(node: exp.Expr) -> tuple[exp.Expr, exp.Expr] | None:
    """Both sides of `a = b`, or None."""
    node = strip(node)
    return (node.this, node.expression) if isinstance(node, exp.EQ) else None


def bare(node: exp.Expr) -> exp.Expr:
    """Remove parentheses and casts to text, which make no NULL and hide none."""
    while isinstance(node, exp.Paren) or (isinstance(node, exp.Cast) and _is_text(node)):
        node = node.this
    return node


def _is_text(node: exp.Cast) -> bool:
    return node.to.this in (exp.DataType.Type.TEXT, exp.DataType.Type.VARCHAR)


def never_null(node: exp.Expr, is_set: Callable[[exp.Expr], bool]) -> bool:
    """Whether the value is provably not null; False when in doubt.

    is_set: whether an expression is known not to be null.
    """
    node = bare(node)
    if is_set(node):
        return True
    match node:
        case exp.Null():
            return False
        case exp.Literal() | exp.Boolean():
            return True
        case exp.Cast() if isinstance(strip(node.this), exp.Literal):
            return True
        case exp.DPipe():
            return never_null(node.this, is_set) and never_null(node.expression, is_set)
        case exp.Coalesce() | exp.Least() | exp.Greatest():
            return any(never_null(part, is_set) for part in [node.this, *node.expressions])
        case exp.Case():
            values = [
                node.args.get("default"),
                *(branch.args["true"] for branch in node.args["ifs"]),
            ]
            return all(value is not None and never_null(value, is_set) for value in values)
        case _:
            return False


def data_type(text: str) -> exp.DataType:
    """Read a type as format_type() writes it."""
    return exp.DataType.build(text, dialect="postgres", udt=True)
