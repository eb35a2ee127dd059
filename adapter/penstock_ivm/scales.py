"""The scale of numerics that is known before any row is seen.

A sum of numerics shows the largest scale among its terms. Where all terms have one scale, as sums
of products of numeric(15,2) do, a term that leaves cannot take it along, and nothing is looked
at again. Rules of numeric: https://www.postgresql.org/docs/current/functions-math.html
"""

from __future__ import annotations

import re

from sqlglot import exp

from penstock_ivm.block import Block, Branch
from penstock_ivm.expressions import strip

_NUMERIC = re.compile(r"numeric\(\d+,(-?\d+)\)")
_INTEGERS = {"smallint", "integer", "bigint"}
# Products of more digits behind the point are rounded: NUMERIC_MAX_DISPLAY_SCALE.
_LARGEST = 1000


def one_scale(block: Block, name: str) -> bool:
    """Whether every value of a numeric output has the same number of digits behind the point.

    NaN and the infinities, which have none, are not looked for.
    """
    scales = {_scale(branch.outputs[name], branch) for branch in block.branches}
    return len(scales) == 1 and None not in scales


def _scale(node: exp.Expr, branch: Branch) -> int | None:
    """The scale of an expression over the leaves, None where it may vary."""
    node = strip(node)
    match node:
        case exp.Column():
            leaves = [leaf for leaf in branch.leaves if leaf.alias == node.table]
            return _declared(leaves[0].table.column(node.name).type) if leaves else None
        case exp.Literal() if not node.is_string:
            digits = re.fullmatch(r"\d+(?:\.(\d*))?", node.name)
            return len(digits[1] or "") if digits else None
        case exp.Neg():
            return _scale(node.this, branch)
        case exp.Mul() | exp.Add() | exp.Sub():
            left, right = _scale(node.left, branch), _scale(node.right, branch)
            if left is None or right is None:
                return None
            scale = left + right if isinstance(node, exp.Mul) else max(left, right)
            return scale if scale <= _LARGEST else None
        case exp.Cast() if node.to.this == exp.DType.DECIMAL and not node.to.expressions:
            return _scale(node.this, branch)
        case _:
            return None


def _declared(kind: str) -> int | None:
    """The scale that a column's type gives its values, None where it gives none.

    >>> _declared("numeric(15,2)"), _declared("integer"), _declared("numeric")
    (2, 0, None)
    """
    if kind in _INTEGERS:
        return 0
    found = _NUMERIC.fullmatch(kind)
    return max(int(found[1]), 0) if found else None
