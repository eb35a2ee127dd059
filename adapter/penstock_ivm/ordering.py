"""Order keys: how rows are compared, with SQL's rules for NULL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from penstock_ivm.session import ident


@dataclass(frozen=True)
class OrderKey:
    """One key of an ORDER BY over named columns."""

    name: str
    descending: bool
    nulls_first: bool
    builtin: bool = True
    """Whether `<` is found with search_path pg_catalog."""

    @property
    def sql(self) -> str:
        """The key as it stands in ORDER BY."""
        direction = "desc" if self.descending else "asc"
        return f"{ident(self.name)} {direction} nulls {'first' if self.nulls_first else 'last'}"


def order_key(node: exp.Expr, name: str) -> OrderKey:
    """Read an item of ORDER BY whose expression has this name."""
    descending = bool(node.args.get("desc"))
    nulls_first = node.args.get("nulls_first")
    return OrderKey(name, descending, descending if nulls_first is None else bool(nulls_first))


def ordered_sql(node: exp.Ordered, term: str) -> str:
    """Write a term with the direction of an Ordered node."""
    direction = "desc" if node.args.get("desc") else "asc"
    return f"{term} {direction} nulls {'first' if node.args.get('nulls_first') else 'last'}"


def order_by(keys: Sequence[OrderKey]) -> str:
    """Write the list that stands after ORDER BY."""
    return ", ".join(key.sql for key in keys)


def precedes(keys: Sequence[OrderKey], left: str, right: str) -> str:
    """Write: the row `left` stands strictly before the row `right`.

    left, right: prefixes such that prefix + quoted name + suffix is the value: 's.{}'.
    """
    text = "false"
    for key in reversed(keys):
        a, b = left.format(ident(key.name)), right.format(ident(key.name))
        operator = ">" if key.descending else "<"
        before = compared(a, operator, b, key.builtin)
        null_first, other = (a, b) if key.nulls_first else (b, a)
        before = f"({before}) is true or ({null_first} is null and {other} is not null)"
        same = f"({compared(a, '=', b, key.builtin)}) is true or ({a} is null and {b} is null)"
        text = before if text == "false" else f"{before} or (({same}) and ({text}))"
    return f"({text})"


def compared(left: str, operator: str, right: str, builtin: bool) -> str:
    """Compare two values by their type's own order.

    A type of an extension has its operators in a schema that our functions do not search;
    an array of one compares its element by the type's default operator class wherever it is.
    """
    if builtin:
        return f"{left} {operator} {right}"
    return f"array[{left}] {operator} array[{right}]"
