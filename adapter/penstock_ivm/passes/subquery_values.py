"""Conditions over subqueries, and subqueries that are to give one row, as plainer SQL.

EXISTS, IN, ANY and ALL become one aggregate, or CASE of EXISTS, where their value is asked for and
not only whether they are true.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from penstock_ivm.expressions import column, grouped, strip
from penstock_ivm.passes.correlation import free_columns, is_aggregated

# sql/functions/scalar_subquery.sql
SINGLE_VALUE = "single_value"
IsCall = Callable[[exp.Expr], bool]


def bare(query: exp.Expr) -> exp.Expr:
    """Leave out parentheses around a query."""
    while isinstance(query, (exp.Subquery, exp.Paren)):
        query = query.this
    return query


def row(node: exp.Expr) -> list[exp.Expr]:
    """The parts of a row value, or the one value."""
    node = strip(node)
    return list(node.expressions) if isinstance(node, exp.Tuple) else [node]


def quantified(node: exp.Expr) -> exp.Expr | None:
    """The ANY (SELECT …) or ALL (SELECT …) on the right of a comparison."""
    right = strip(node.expression) if isinstance(node, exp.Binary) else None
    if isinstance(right, (exp.Any, exp.All)) and isinstance(
        bare(right.this), (exp.Select, exp.SetOperation)
    ):
        return right
    return None


def equal(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """Left = right."""
    return exp.EQ(this=grouped(left).copy(), expression=grouped(right).copy())


def is_(node: exp.Expr, value: exp.Expr) -> exp.Expr:
    """(node) IS value."""
    return exp.Is(this=exp.Paren(this=node.copy()), expression=value)


def is_not(node: exp.Expr, value: exp.Expr) -> exp.Expr:
    """NOT ((node) IS value)."""
    return exp.Not(this=exp.Paren(this=is_(node, value)))


def is_null(node: exp.Expr) -> exp.Expr:
    """(node) IS NULL."""
    return is_(node, exp.Null())


def derived(query: exp.Expr, alias: str, names: list[str]) -> exp.Select:
    """SELECT FROM (query) AS alias(names)."""
    named = exp.TableAlias(
        this=exp.to_identifier(alias, quoted=True),
        columns=[exp.to_identifier(name, quoted=True) for name in names],
    )
    source = exp.Subquery(this=query.copy(), alias=named)
    return exp.Select(expressions=[exp.true()], from_=exp.From(this=source))


def there_are(query: exp.Expr, is_simple: Callable[[exp.Select], bool]) -> exp.Select:
    """SELECT count(*) > 0 of the query's rows."""
    some = exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(0))
    if isinstance(query, exp.Select) and is_simple(query):
        found = query.copy()
        found.set("order", None)
    else:
        found = derived(query, "__rows", ["c1"])
    found.set("expressions", [some])
    return found


def quantified_value(node: exp.Expr, quantifier: exp.Expr) -> exp.Select:
    """ANY is true for one true, else unknown for one unknown, else false; ALL the other way."""
    holds = node.copy()
    holds.set("expression", column("__rows", "c1"))
    yes, no = exp.true(), exp.false()
    if isinstance(quantifier, exp.All):
        yes, no = no, yes

    def some(value: exp.Expr) -> exp.Expr:
        counted = exp.Filter(
            this=exp.Count(this=exp.Star()), expression=exp.Where(this=is_(holds, value))
        )
        return exp.GT(this=counted, expression=exp.Literal.number(0))

    unknown = exp.Cast(this=exp.Null(), to=exp.DataType.build("boolean"))
    answer = exp.Case(
        ifs=[exp.If(this=some(yes), true=yes.copy()), exp.If(this=some(exp.Null()), true=unknown)],
        default=no,
    )
    found = derived(bare(quantifier.this), "__rows", ["c1"])
    found.set("expressions", [answer])
    return found


def only(value: exp.Expr) -> exp.Expr:
    """The one value of a scalar subquery: more rows than one are an error."""

    def call(name: str, argument: exp.Expr) -> exp.Expr:
        function = exp.Anonymous(this=name, expressions=[argument])
        return exp.Dot(this=exp.to_identifier("penstock"), expression=function)

    one = call("at_most_one", exp.Count(this=exp.Star()))
    return exp.Case(ifs=[exp.If(this=one, true=call(SINGLE_VALUE, value.copy()))])


def having_as_value(select: exp.Select) -> exp.Select:
    """HAVING of the one group of an aggregate: without it there is no row, which reads as NULL."""
    having = select.args.get("having")
    if having is None:
        return select
    found = select.copy()
    found.set("having", None)
    gate = exp.If(this=having.this.copy(), true=select.selects[0].unalias().copy())
    found.set("expressions", [exp.Case(ifs=[gate])])
    return found


def in_value(node: exp.In) -> exp.Expr:
    """IN as a value: true, false, or unknown where only a NULL stands in the way."""
    query = bare(node.args["query"])
    compared = row(node.this)
    names = [f"c{i}" for i in range(len(compared))]
    rows = derived(query, "__in", names)
    inside = [column("__in", name) for name in names]
    same = exp.and_(*(equal(a, b) for a, b in zip(compared, inside, strict=True)))
    hit = exp.Exists(this=rows.where(same))
    if len(compared) == 1:
        null_in = exp.Exists(this=rows.where(is_null(inside[0])))
        some = exp.and_(is_null(compared[0]), exp.Exists(this=rows.copy()))
        unknown: exp.Expr = exp.or_(null_in, exp.Paren(this=some))
    else:
        unknown = exp.Exists(this=rows.where(is_null(exp.Paren(this=same))))
    return exp.Paren(
        this=exp.Case(
            ifs=[
                exp.If(this=hit, true=exp.true()),
                exp.If(
                    this=unknown,
                    true=exp.Cast(this=exp.Null(), to=exp.DataType.build("boolean")),
                ),
            ],
            default=exp.false(),
        )
    )


def of_one_row(node: exp.Expr, is_call: IsCall) -> exp.Expr | None:
    """EXISTS, IN, ANY and ALL of an aggregate without GROUP BY, over its value.

    It has one row, also where it aggregates nothing, unless HAVING says no.
    """
    quantifier = quantified(node)
    if quantifier is not None:
        query = bare(quantifier.this)
    elif isinstance(node, exp.Exists):
        query = bare(node.this)
    elif isinstance(node, exp.In) and node.args.get("query") is not None:
        query = bare(node.args["query"])
    else:
        return None
    if not isinstance(query, exp.Select) or not free_columns(query):
        return None
    clauses = ("limit", "offset", "fetch", "distinct")
    if any(query.args.get(name) for name in clauses):
        return None
    if not is_aggregated(query, is_call):
        return None

    def value(part: exp.Expr) -> exp.Expr:
        one = query.copy()
        one.set("having", None)
        one.set("order", None)
        one.set("expressions", [part.copy()])
        return exp.Subquery(this=one)

    having = query.args.get("having")
    found = [value(part.unalias()) for part in query.selects]
    answer: exp.Expr = exp.true()
    otherwise: exp.Expr = exp.false()
    if quantifier is not None:
        answer = node.copy()
        answer.set("expression", found[0])
        otherwise = exp.true() if isinstance(quantifier, exp.All) else otherwise
    elif isinstance(node, exp.In):
        pairs = zip(row(node.this), found, strict=True)
        answer = exp.and_(*(equal(a, b) for a, b in pairs))
    if having is None:
        return exp.Paren(this=answer)
    held = exp.If(this=value(having.this), true=answer)
    return exp.Paren(this=exp.Case(ifs=[held], default=otherwise))
