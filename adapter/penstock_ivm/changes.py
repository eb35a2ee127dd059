"""What changed, as a Z-set: a SELECT of rows and `__w`, their signed multiplicity, without zeros.

Source: Budiu et al., "DBSP: Automatic Incremental View Maintenance", VLDB 2023, section 2.
"""

from __future__ import annotations

from penstock_ivm.relation import Column, Table
from penstock_ivm.session import ident

# Where that many columns may change, pairing old and new rows by their key is cheaper than grouping
# both by all columns, and most rows will have changed; below it conditions are asked first.
_WORTH_PAIRING = 4


def consolidated_change(table: Table, names: list[str]) -> str:
    """An UPDATE as a Z-set over some columns, without rows that did not change in them."""
    keys = [table.column(name) for name in table.key]
    others = [name for name in names if name not in table.key]
    can_pair = table.is_state and keys and all(key.not_null and key.is_faithful for key in keys)
    if can_pair and len(others) >= _WORTH_PAIRING:
        return _paired_change(table, names)
    weight = ident(table.weight) if table.weight else "1"
    listed = "".join(f"{ident(name)}, " for name in names)
    both = (
        f"select {listed}{weight} as __w from new_rows"
        f" union all select {listed}-{weight} from old_rows"
    )
    return consolidate(both, [table.column(name) for name in names])


def _paired_change(table: Table, names: list[str]) -> str:
    """The same of a state table, whose key maintenance never changes: old and new rows by key.

    A FULL JOIN, though both sides have every key: it cannot be done by looking through one side
    for each row of the other, whatever was planned.
    """
    same = " and ".join(f"n.{ident(key)} = o.{ident(key)}" for key in table.key)
    counted = [*names, *([table.weight] if table.weight else [])]
    new, old = (", ".join(f"{side}.{ident(name)}" for name in counted) for side in "no")
    picked = [
        f"n.{ident(name)}"
        if name in table.key
        else f"case when signs.sign > 0 then n.{ident(name)} else o.{ident(name)} end"
        f" as {ident(name)}"
        for name in names
    ]
    weight = "signs.sign"
    if table.weight:
        of = ident(table.weight)
        weight = f"case when signs.sign > 0 then n.{of} else -o.{of} end"
    return (
        f"select {', '.join([*picked, f'{weight} as __w'])}"
        f" from new_rows as n full join old_rows as o on {same}"
        " cross join (values (1), (-1)) as signs (sign)"
        f" where row({new})::record *<> row({old})::record offset 0"
    )


def consolidate(sql: str, columns: list[Column]) -> str:
    """Add up a Z-set and drop its zeros.

    Rows are the same when they look the same: 1.0 and 1.00 are equal and not the same, so
    types whose equality is coarser than their text are grouped by their text.
    """
    picked, keys = [], []
    for col in columns:
        name = ident(col.name)
        if col.is_faithful:
            picked.append(name)
            keys.append(name)
        else:
            picked.append(f"{col.any_of} as {name}")
            keys.append(f"{name}::text")
    grouping = f" group by {', '.join(keys)}" if keys else ""
    return (
        f"select {', '.join([*picked, 'sum(__w)::bigint as __w'])} from ({sql}) as changes"
        f"{grouping} having sum(__w) <> 0"
    )
