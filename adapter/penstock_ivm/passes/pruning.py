"""Leave out of a state table what nobody reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from penstock_ivm.operators.partition import Partition
from penstock_ivm.operators.stage import Stage
from penstock_ivm.operators.top_one import TopOne


def without_unused(stages: Sequence[Stage], shown: set[str]) -> list[Stage]:
    """Drop columns of TopOne's and Partition's state that neither later stages nor the view read.

    Their rows carry whatever the inner SELECT listed, often `*`. Aggregates hold what they need
    already. shown: columns of the last stage that the view reads.
    """
    found: list[Stage] = []
    for position in reversed(range(len(stages))):
        stage = stages[position]
        read = set(shown) if position == len(stages) - 1 else set()
        for later in found:
            read |= later.block.columns_of(stage.table)
        if isinstance(stage, TopOne):
            stage = _narrowed(stage, read)
        if isinstance(stage, Partition):
            stage = stage.without({column.name for column in stage.table.columns} - read)
        found.append(stage)
    return found[::-1]


def _narrowed(stage: TopOne, read: set[str]) -> TopOne:
    kept = {*stage.table.key, *(key.name for key in stage.order), *read}
    block = stage.block.with_outputs(
        {
            name: [b.outputs[name] for b in stage.block.branches]
            for name in stage.block.names
            if name in kept
        }
    )
    columns = tuple(c for c in stage.table.columns if c.name in kept)
    return replace(stage, block=block, table=replace(stage.table, columns=columns))
