"""Random SELECTs: one method for each construct of the grammar.

Only queries with one answer: what breaks ties is always a total order, a value that has several
spellings (1.0 and 1.00) is not grouped by, floats are not summed, and nothing may raise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from penstock.testing.fuzz.schema import TYPES, Column, Relation, value

# Equal values of these look the same, so they may be grouped by, made distinct, or be the least.
FAITHFUL = frozenset({"int", "big", "dec", "text", "bool", "at", "ints"})
ORDERED = frozenset({"int", "big", "dec", "text", "at"})


@dataclass
class Scope:
    """What stands in FROM: alias -> columns; `outer` for a subquery."""

    items: dict[str, tuple[Column, ...]] = field(default_factory=dict)
    outer: Scope | None = None

    def columns(self, *, deep: bool = False) -> list[tuple[str, str]]:
        """(expression, kind) of every column, of the outer queries too when `deep`."""
        found = [(f"{a}.{c.name}", c.kind) for a, cs in self.items.items() for c in cs]
        return found + (self.outer.columns(deep=True) if deep and self.outer else [])


class Writer:
    """Writes SELECTs over some relations."""

    def __init__(self, rng: Random, relations: list[Relation]) -> None:
        self.rng = rng
        self.relations = relations
        self._aliases = 0

    def query(self) -> tuple[str, tuple[Column, ...]]:
        """A whole model: its text and its columns."""
        return self._query(depth=2, outer=None)

    def chance(self, share: float) -> bool:
        """Whether it happens this time."""
        return self.rng.random() < share

    def alias(self, stem: str = "r") -> str:
        """A name that nothing else has."""
        self._aliases += 1
        return f"{stem}{self._aliases}"

    # ---- queries --------------------------------------------------------------------

    def _query(self, depth: int, outer: Scope | None) -> tuple[str, tuple[Column, ...]]:
        ways: list[tuple[int, Callable[[int, Scope | None], tuple[str, tuple[Column, ...]]]]] = [
            (30, self._plain),
            (22, self._grouped),
            (6, self._distinct),
            (8, self._windowed),
            (5, self._distinct_on),
            (5, self._limited),
        ]
        if depth > 0:
            ways += [(8, self._set_operation), (6, self._with_cte), (5, self._grouping_sets)]
        make = self.rng.choices([w for _, w in ways], [n for n, _ in ways])[0]
        return make(depth, outer)

    def _select(
        self, outputs: list[tuple[str, str]], rest: str, tail: str = ""
    ) -> tuple[str, tuple[Column, ...]]:
        listed = ", ".join(f"{sql} as o{i}" for i, (sql, _) in enumerate(outputs, 1))
        columns = tuple(Column(f"o{i}", kind) for i, (_, kind) in enumerate(outputs, 1))
        return f"select {listed} {rest}{tail}", columns

    def _plain(self, depth: int, outer: Scope | None) -> tuple[str, tuple[Column, ...]]:
        scope, rest = self._body(depth, outer)
        outputs = [self._output(scope, depth) for _ in range(self.rng.randint(1, 4))]
        return self._select(outputs, rest)

    def _distinct(self, depth: int, outer: Scope | None) -> tuple[str, tuple[Column, ...]]:
        scope, rest = self._body(depth, outer)
        outputs = self._some(scope, FAITHFUL, 3)
        text, columns = self._select(outputs, rest)
        return text.replace("select ", "select distinct ", 1), columns

    def _grouped(self, depth: int, outer: Scope | None) -> tuple[str, tuple[Column, ...]]:
        scope, rest = self._body(depth, outer)
        keys = self._some(scope, FAITHFUL, 2) if self.chance(0.85) else []
        outputs = [*keys, *(self._aggregate(scope) for _ in range(self.rng.randint(1, 3)))]
        tail = f" group by {', '.join(sql for sql, _ in keys)}" if keys else ""
        if self.chance(0.25):
            tail += f" having {self._having(scope)}"
        if keys and self.chance(0.1):
            sub = self._scalar(Scope({}, None), 0, "int")
            outputs.append((sub, "int"))
        return self._select(outputs, rest, tail)

    def _grouping_sets(self, depth: int, outer: Scope | None) -> tuple[str, tuple[Column, ...]]:
        scope, rest = self._body(depth, outer)
        keys = self._some(scope, FAITHFUL, 2)
        listed = ", ".join(sql for sql, _ in keys)
        way = self.rng.choice(["rollup", "cube", "sets"])
        sets = f"grouping sets (({listed}), ({keys[0][0]}), ())"
        tail = f" group by {sets if way == 'sets' else f'{way} ({listed})'}"
        outputs = [*keys, ("count(*)", "big"), self._aggregate(scope)]
        if self.chance(0.4):
            outputs.append((f"grouping({keys[0][0]})", "int"))
        return self._select(outputs, rest, tail)

    def _windowed(self, depth: int, outer: Scope | None) -> tuple[str, tuple[Column, ...]]:
        scope, rest = self._body(depth, outer)
        outputs = [*self._some(scope, frozenset(TYPES), 2)]
        over = self._over(scope)
        outputs.append(self._window(scope, over))
        if self.chance(0.5):
            # Two windows may take rows that are alike each in its own order, unless a key says.
            has_keys = all(any(c.name == "id" for c in cs) for cs in scope.items.values())
            outputs.append(self._window(scope, self._over(scope) if has_keys else over))
        text, columns = self._select(outputs, rest)
        if self.chance(0.25):
            last = columns[-1]
            inner = self.alias("w")
            if last.kind == "big":
                return f"select * from ({text}) as {inner} where {last.name} <= 2", columns
        return text, columns

    def _distinct_on(self, depth: int, outer: Scope | None) -> tuple[str, tuple[Column, ...]]:
        scope, rest = self._body(depth, outer)
        key, kind = self._one(scope, FAITHFUL)
        outputs = [(key, kind), *self._some(scope, frozenset(TYPES), 2)]
        text, columns = self._select(outputs, rest, f" order by {key}, {self._total(scope)}")
        return text.replace("select ", f"select distinct on ({key}) ", 1), columns

    def _limited(self, depth: int, outer: Scope | None) -> tuple[str, tuple[Column, ...]]:
        scope, rest = self._body(depth, outer)
        outputs = self._some(scope, frozenset(TYPES), 3)
        tail = f" order by {self._total(scope)} limit {self.rng.randint(1, 4)}"
        if self.chance(0.3):
            tail += f" offset {self.rng.randint(1, 2)}"
        return self._select(outputs, rest, tail)

    def _set_operation(self, depth: int, outer: Scope | None) -> tuple[str, tuple[Column, ...]]:
        sides = []
        wanted: list[str] = []
        for _ in range(2):
            scope, rest = self._body(depth - 1, outer)
            if not wanted:
                outputs = self._some(scope, FAITHFUL, 2)
                wanted = [kind for _, kind in outputs]
            else:
                outputs = [(self._expression(scope, kind, 1), kind) for kind in wanted]
            sides.append(self._select(outputs, rest)[0])
        operator = self.rng.choice(
            [
                "union all",
                "union all",
                "union",
                "intersect",
                "except",
                "intersect all",
                "except all",
            ]
        )
        columns = tuple(Column(f"o{i}", kind) for i, kind in enumerate(wanted, 1))
        return f"({sides[0]}) {operator} ({sides[1]})", columns

    def _with_cte(self, depth: int, outer: Scope | None) -> tuple[str, tuple[Column, ...]]:
        text, columns = self._query(depth - 1, None)
        name = self.alias("cte")
        kept = self.relations
        self.relations = [*kept, *[Relation(name, columns)] * len(kept)]
        body, outputs = self._query(depth - 1, outer)
        self.relations = kept
        if name not in body:
            return body, outputs
        return f"with {name} as ({text}) {body}", outputs

    # ---- FROM and WHERE -------------------------------------------------------------

    def _body(self, depth: int, outer: Scope | None) -> tuple[Scope, str]:
        scope = Scope({}, outer)
        text = self._item(scope, depth)
        for _ in range(self.rng.choices([0, 1, 2], [45, 40, 15])[0]):
            text += " " + self._join(scope, depth)
        where = ""
        if self.chance(0.6) or outer is not None:
            where = f" where {self._condition(scope, 2, depth)}"
        return scope, f"from {text}{where}"

    def _item(self, scope: Scope, depth: int) -> str:
        alias = self.alias()
        if depth > 0 and self.chance(0.15):
            text, columns = self._query(depth - 1, None)
            scope.items[alias] = columns
            return f"({text}) as {alias}"
        relation = self.rng.choice(self.relations)
        scope.items[alias] = relation.columns
        return f"{relation.name} as {alias}"

    def _join(self, scope: Scope, depth: int) -> str:
        way = self.rng.choices(
            ["join", "left join", "right join", "full join", "cross", "lateral", "call", "values"],
            [35, 25, 6, 6, 3, 10, 8, 2],
        )[0]
        if way == "lateral":
            alias = self.alias("l")
            text, columns = self._query(min(depth - 1, 0), scope)
            kind = self.rng.choice(["cross join lateral", "left join lateral"])
            scope.items[alias] = columns
            return f"{kind} ({text}) as {alias}{' on true' if kind.startswith('left') else ''}"
        if way == "call":
            return self._call(scope)
        if way == "values":
            alias = self.alias("v")
            sql, kind = self._one(scope, FAITHFUL)
            scope.items[alias] = (Column("x", kind),)
            return f"cross join lateral (values ({sql}), ({value(self.rng, kind)})) as {alias}(x)"
        left = Scope(dict(scope.items), scope.outer)
        right = Scope({}, None)
        item = self._item(right, depth)
        scope.items.update(right.items)
        if way == "cross":
            return f"cross join {item}"
        equality = self._link(left, right)
        condition = equality
        if way != "full join" and self.chance(0.3):
            both = Scope({**left.items, **right.items}, None)
            other = self._condition(both, 0, 0)
            condition = other if self.chance(0.2) else f"{equality} and {other}"
        return f"{way} {item} on {condition}"

    def _link(self, left: Scope, right: Scope) -> str:
        pairs = [
            (a, b)
            for a, kind in left.columns()
            for b, other in right.columns()
            if kind == other and kind in FAITHFUL
        ]
        a, b = self.rng.choice(pairs) if pairs else ("1", "1")
        return f"{a} = {b}"

    def _call(self, scope: Scope) -> str:
        alias = self.alias("f")
        arrays = [sql for sql, kind in scope.columns() if kind == "ints"]
        docs = [sql for sql, kind in scope.columns() if kind == "doc"]
        join = self.rng.choice(["cross join lateral", "left join lateral"])
        on = " on true" if join.startswith("left") else ""
        if arrays and self.chance(0.6):
            scope.items[alias] = (Column("x", "int"),)
            return f"{join} unnest({self.rng.choice(arrays)}) as {alias}(x){on}"
        if docs:
            doc = self.rng.choice(docs)
            safe = f"case when jsonb_typeof({doc}) = 'array' then {doc} end"
            scope.items[alias] = (Column("x", "doc"),)
            return f"{join} jsonb_array_elements({safe}) as {alias}(x){on}"
        scope.items[alias] = (Column("x", "int"),)
        ints = [sql for sql, kind in scope.columns() if kind == "int" and not sql.startswith(alias)]
        last = f"least({self.rng.choice(ints)}, 3)" if ints else "2"
        return f"{join} generate_series(1, {last}) as {alias}(x){on}"

    def _condition(self, scope: Scope, size: int, depth: int) -> str:
        if size > 0 and self.chance(0.4):
            a, b = (self._condition(scope, size - 1, depth) for _ in range(2))
            return f"({a} {self.rng.choice(['and', 'and', 'or'])} {b})"
        if self.chance(0.08):
            return f"not ({self._condition(scope, 0, depth)})"
        if depth > 0 and self.chance(0.3):
            return self._subquery(scope, depth - 1)
        sql, kind = self._one(scope, frozenset(TYPES), deep=True)
        way = self.rng.random()
        if way < 0.15:
            return f"{sql} is {self.rng.choice(['', 'not '])}null"
        if kind == "bool" and way < 0.4:
            return f"{sql} {self.rng.choice(['', 'is not true', 'is false'])}"
        other = self._expression(scope, kind, 1, deep=True)
        if kind not in ORDERED:
            return f"{sql} is {self.rng.choice(['', 'not '])}distinct from {other}"
        if way < 0.3:
            return f"{sql} in ({value(self.rng, kind)}, {value(self.rng, kind)})"
        return f"{sql} {self.rng.choice(['=', '<>', '<', '>=', '='])} {other}"

    def _subquery(self, scope: Scope, depth: int) -> str:
        way = self.rng.random()
        if way < 0.4:
            text, _ = self._query(depth, scope)
            return f"{self.rng.choice(['', 'not '])}exists ({text})"
        sql, kind = self._one(scope, ORDERED)
        inner, rest = self._body(depth, scope)
        text, _ = self._select([(self._expression(inner, kind, 1), kind)], rest)
        if way < 0.75:
            return f"{sql} {self.rng.choice(['in', 'not in', 'in'])} ({text})"
        if way < 0.88:
            quantifier = self.rng.choice(["any", "all"])
            return f"{sql} {self.rng.choice(['=', '<', '>=', '<>'])} {quantifier} ({text})"
        return f"{sql} {self.rng.choice(['=', '<', '>='])} {self._scalar(scope, depth, kind)}"

    def _scalar(self, scope: Scope, depth: int, kind: str) -> str:
        inner, rest = self._body(depth, scope)
        # An argument without a column of its own would aggregate in the query around it.
        same = [sql for sql, other in inner.columns() if other == kind]
        argument = self.rng.choice(same) if same else value(self.rng, kind)
        return f"(select {self.rng.choice(['min', 'max'])}({argument}) {rest})"

    # ---- expressions ----------------------------------------------------------------

    def _one(self, scope: Scope, kinds: frozenset[str], *, deep: bool = False) -> tuple[str, str]:
        found = [(sql, kind) for sql, kind in scope.columns(deep=deep) if kind in kinds]
        if not found:
            kind = self.rng.choice(sorted(kinds & ORDERED))
            return value(self.rng, kind), kind
        return self.rng.choice(found)

    def _some(self, scope: Scope, kinds: frozenset[str], most: int) -> list[tuple[str, str]]:
        found = list(dict.fromkeys(x for x in scope.columns() if x[1] in kinds))
        if not found:
            return [self._one(scope, kinds)]
        return self.rng.sample(found, min(len(found), self.rng.randint(1, most)))

    def _output(self, scope: Scope, depth: int) -> tuple[str, str]:
        if depth > 0 and self.chance(0.12):
            kind = self.rng.choice(sorted(ORDERED))
            return self._scalar(scope, depth - 1, kind), kind
        if depth > 0 and self.chance(0.06):
            return f"({self._subquery(scope, depth - 1)})", "bool"
        _, kind = self._one(scope, frozenset(TYPES))
        return self._expression(scope, kind, 2), kind

    def _expression(self, scope: Scope, kind: str, size: int, *, deep: bool = False) -> str:
        same = [sql for sql, other in scope.columns(deep=deep) if other == kind]
        if not same or self.chance(0.1):
            return value(self.rng, kind)
        sql = self.rng.choice(same)
        if size == 0 or self.chance(0.6):
            return sql
        other = self._expression(scope, kind, size - 1, deep=deep)
        way = self.rng.random()
        if way < 0.3:
            return f"coalesce({sql}, {other})"
        if way < 0.55:
            condition = self._condition(scope, 0, 0)
            return f"case when {condition} then {sql} else {other} end"
        if way < 0.7 and kind in ORDERED:
            return f"{self.rng.choice(['least', 'greatest', 'nullif'])}({sql}, {other})"
        if kind == "text":
            return f"lower({sql})" if way < 0.85 else f"({sql} || {other})"
        if kind == "int":
            return f"({sql} % 3)"
        return sql

    def _aggregate(self, scope: Scope) -> tuple[str, str]:
        sql, kind = self._one(scope, frozenset(TYPES))
        filtered = f" filter (where {self._condition(scope, 0, 0)})" if self.chance(0.2) else ""
        ways: list[tuple[str, str]] = [("count(*)", "big"), (f"count({sql})", "big")]
        if kind in FAITHFUL:
            ways += [(f"count(distinct {sql})", "big")]
        if kind in ORDERED:
            ways += [(f"{self.rng.choice(['min', 'max'])}({sql})", kind)] * 3
            ways.append(
                (f"string_agg({sql}::text, ',' order by {sql})", "text")
            ) if kind != "at" else None
        if kind in ("int", "num", "dec"):
            wide = {"int": "big", "num": "num", "dec": "num"}[kind]
            ways += [(f"sum({sql})", wide)] * 3 + [(f"avg({sql})", "num")] * 2
        if kind == "int":
            ways.append((f"array_agg({sql} order by {sql})", "ints"))
            ways.append((f"var_pop({sql})", "num"))
            ways.append((f"percentile_disc(0.5) within group (order by {sql})", "int"))
            ways.append((f"sum(distinct {sql})", "big"))
        if kind == "bool":
            ways += [(f"bool_or({sql})", "bool"), (f"bool_and({sql})", "bool")]
        text, found = self.rng.choice(ways)
        return text + filtered, found

    def _having(self, scope: Scope) -> str:
        text, kind = self._aggregate(scope)
        if kind in ORDERED and kind not in ("text", "at"):
            return f"{text} {self.rng.choice(['>', '<=', '<>'])} {value(self.rng, kind)}"
        return f"count(*) {self.rng.choice(['>', '<='])} {self.rng.randint(0, 3)}"

    def _total(self, scope: Scope) -> str:
        """An order in which only rows that look the same are equal."""
        keys = []
        for sql, kind in scope.columns():
            direction = self.rng.choice(["", "", " desc", " nulls first"])
            keys.append(f"{sql}::text{direction}" if kind in ("num", "doc") else sql + direction)
        self.rng.shuffle(keys)
        return ", ".join(keys)

    def _over(self, scope: Scope) -> tuple[str, str]:
        """PARTITION BY, or nothing, and ORDER BY."""
        part = ""
        if self.chance(0.75):
            part = f"partition by {', '.join(sql for sql, _ in self._some(scope, FAITHFUL, 2))} "
        return part, f"order by {self._total(scope)}"

    def _window(self, scope: Scope, over: tuple[str, str]) -> tuple[str, str]:
        part, order = over
        sql, kind = self._one(scope, frozenset(TYPES))
        ways = [
            (f"row_number() over ({part}{order})", "big"),
            (f"rank() over ({part}{order})", "big"),
            (f"dense_rank() over ({part}{order})", "big"),
            (f"count(*) over ({part})", "big"),
            (f"lag({sql}) over ({part}{order})", kind),
            (
                f"last_value({sql}) over ({part}{order} rows between current row and 1 following)",
                kind,
            ),
        ]
        if kind == "int":
            ways.append((f"sum({sql}) over ({part}{order} rows unbounded preceding)", "big"))
            ways.append((f"sum({sql}) over ({part})", "big"))
        return self.rng.choice(ways)
