"""Recognise connected components, the one use of WITH RECURSIVE that is maintained.

    edges(a, b): links both ways;  reach(node, component): edges, then one step further;
    result: for each node the smallest component it reaches.

Over links that go both ways, the smallest node reached is the smallest node of the connected
component, whatever path leads there.
"""

from __future__ import annotations

from sqlglot import exp

from penstock_ivm.expressions import render, strip


def links_of_components(query: exp.Expr) -> exp.Expr | None:
    """Return a SELECT of the links (a, b), with the CTEs it reads, or None for another shape."""
    with_ = query.args.get("with_")
    if not isinstance(query, exp.Select) or with_ is None:
        return None
    ctes = {cte.alias: cte for cte in with_.expressions}
    names = list(ctes)
    if len(names) < 2 or _has(query, "where", "having", "limit", "offset", "joins", "distinct"):
        return None
    reach, edges = names[-1], names[-2]
    links = _both_ways(ctes[edges].this)
    if links is None or not _steps(ctes[reach], edges) or not _smallest(query, reach):
        return None
    kept = [ctes[name].copy() for name in names[:-2]]
    if any(_reads_itself(cte) for cte in kept):
        return None
    found = links.copy()
    if kept:
        found.set("with_", exp.With(expressions=kept))
    return found


def _has(node: exp.Expr, *clauses: str) -> bool:
    return any(node.args.get(clause) for clause in clauses)


def _reads_itself(cte: exp.Expr) -> bool:
    return any(not t.db and t.name == cte.alias for t in cte.this.find_all(exp.Table))


def _both_ways(node: exp.Expr) -> exp.Select | None:
    """SELECT x.a, x.b FROM links x UNION ALL SELECT x.b AS a, x.a AS b FROM links x."""
    if not isinstance(node, exp.Union) or node.args.get("distinct") is not False:
        return None
    there, back = node.this, node.expression
    if not (isinstance(there, exp.Select) and isinstance(back, exp.Select)):
        return None
    if len(there.selects) != 2 or len(back.selects) != 2:
        return None
    clauses = ("where", "group", "having", "joins", "distinct", "limit", "offset", "with_")
    if any(_has(part, *clauses) for part in (node, there, back)):
        return None
    if _text(there.args["from_"]) != _text(back.args["from_"]):
        return None
    first = [_text(part.unalias()) for part in there.selects]
    if first != [_text(part.unalias()) for part in reversed(back.selects)]:
        return None
    links = there.copy()
    links.set(
        "expressions",
        [exp.alias_(part.unalias(), name) for part, name in zip(links.selects, "ab", strict=True)],
    )
    return links


def _steps(cte: exp.Expr, edges: str) -> bool:
    """Edges UNION SELECT reach.node, edges.b FROM reach JOIN edges ON edges.a = reach.component."""
    node = cte.this
    if not isinstance(node, exp.Union) or node.args.get("distinct") is False:
        return False
    if _has(node, "limit", "offset", "with_"):
        return False
    columns = [c.name for c in cte.args["alias"].columns]
    if len(columns) != 2:
        return False
    start, step = node.this, node.expression
    e1, e2 = "a", "b"
    if _text(start) != f"select {edges}.{e1}, {edges}.{e2} from {edges}":
        return False
    match = [t for t in step.find_all(exp.Table) if t.name == cte.alias]
    if len(match) != 1:
        return False
    me = match[0].alias_or_name
    wanted = {
        f"select {me}.{columns[0]}, {edges}.{e2} from {source} join {edges} on {on}"
        for source in {cte.alias, f"{cte.alias} as {me}"}
        for on in (
            f"{edges}.{e1} = {me}.{columns[1]}",
            f"{me}.{columns[1]} = {edges}.{e1}",
        )
    }
    return _text(step) in wanted


def _smallest(query: exp.Select, reach: str) -> bool:
    """SELECT node, min(component) FROM reach GROUP BY node."""
    group = query.args.get("group")
    if len(query.selects) != 2 or group is None or len(group.expressions) != 1:
        return False
    node, smallest = (part.unalias() for part in query.selects)
    from_ = query.args["from_"].this
    return (
        isinstance(from_, exp.Table)
        and from_.name == reach
        and isinstance(node, exp.Column)
        and _text(group.expressions[0]) == _text(node)
        and isinstance(smallest, exp.Min)
        and isinstance(strip(smallest.this), exp.Column)
        and strip(smallest.this).name != node.name
        and [part.alias_or_name for part in query.selects] == ["node", "component"]
    )


def _text(node: exp.Expr) -> str:
    return " ".join(render(node).lower().replace("(", " ").replace(")", " ").split())
