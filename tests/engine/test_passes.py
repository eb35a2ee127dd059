"""Compiler passes over SQL, without a server: see penstock.testing.passes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlglot import exp, parse_one

from penstock.testing.passes import PassCase, read_cases
from penstock.testing.sections import FixtureError, files_in
from penstock_ivm.grouping import is_call
from penstock_ivm.grouping_sets import groups_apart
from penstock_ivm.passes.dependent_keys import with_dependent_keys
from penstock_ivm.passes.lateral_sets import sets_to_lateral
from penstock_ivm.passes.ranking import find_ranking
from penstock_ivm.passes.recursion import links_of_components
from penstock_ivm.passes.windows import windows_apart


def is_aggregate(node: exp.Expr) -> bool:
    return is_call(node, frozenset())


def window_of(query: exp.Expr) -> exp.Expr | None:
    found = find_ranking(query, is_aggregate)
    return found.window if found is not None else None


def apart(query: exp.Expr) -> exp.Expr | None:
    found = windows_apart(query, is_aggregate)
    assert windows_apart(found, is_aggregate) == found, "twice changes nothing more"
    return found if found is not query else None


def in_lateral(query: exp.Expr) -> exp.Expr | None:
    sets = frozenset({"unnest", "generate_series", "jsonb_each"})
    found = sets_to_lateral(query, sets, is_aggregate)
    assert sets_to_lateral(found, sets, is_aggregate) == found, "twice changes nothing more"
    return found if found != query else None


def keys_added(query: exp.Expr) -> exp.Expr | None:
    found = with_dependent_keys(
        query, lambda table: ("id",) if table.name == "t" else (), is_aggregate
    )
    return found if found is not query else None


def a_group_each(query: exp.Expr) -> exp.Expr:
    assert isinstance(query, exp.Select)
    outer, (first, *others) = groups_apart(query, is_aggregate)
    rows: exp.Expr = first
    for other in others:
        rows = exp.union(rows, other, distinct=False)
    outer.args["from_"].this.set("this", rows)
    return outer


# The fixtures' file name is the pass's.
PASSES: dict[str, Callable[[exp.Expr], exp.Expr | None]] = {
    "links_of_components": links_of_components,
    "find_ranking": window_of,
    "windows_apart": apart,
    "sets_to_lateral": in_lateral,
    "with_dependent_keys": keys_added,
    "groups_apart": a_group_each,
}
FILES = files_in(Path(__file__).parent / "passes")
CASES = [(path.stem, case) for path in FILES for case in read_cases(path)]


def normal(sql: str) -> str:
    """Write SQL in one way, whatever its layout."""
    text = sql if sql.lower().startswith(("select", "with")) else f"select {sql}"
    return parse_one(text, dialect="postgres").sql(dialect="postgres").lower()


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{n}-{c.title}" for n, c in CASES])
def test_sql_in_sql_out(name: str, case: PassCase) -> None:
    query = parse_one(case.query, dialect="postgres")
    before = query.sql(dialect="postgres")
    parents = [(id(node), id(node.parent)) for node in query.walk()]
    found = PASSES[name](query)
    got = found.sql(dialect="postgres") if found is not None else None
    assert (got and normal(got)) == (case.becomes and normal(case.becomes))
    assert query.sql(dialect="postgres") == before, "a pass never edits its argument"
    assert [(id(node), id(node.parent)) for node in query.walk()] == parents
    again = PASSES[name](parse_one(case.query, dialect="postgres"))
    assert (again and again.sql()) == (found and found.sql()), "a pass has no memory"


def test_every_pass_has_fixtures() -> None:
    assert {path.stem for path in FILES} == set(PASSES)


def test_an_unpaired_case_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "case.sql"
    path.write_text("-- title: x\n-- query\nselect 1\n")
    with pytest.raises(FixtureError, match="a case is not"):
        read_cases(path)
