"""The project's models on every target, compiled without a server and read in its dialect.

What compiles may still be no SQL: sqlglot reads each statement as the engine would, and for
RisingWave nothing may stand in it that its node was seen to lack.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ParseError, TokenError
from sqlglot.tokens import TokenType

from penstock.testing import assert_all_maintained
from penstock.testing.services import Database
from penstock.testing.stories import StoryView
from penstock.testing.telling import deploy_view

PROJECT = Path(__file__).parents[2]
TARGETS = ("embedded", "risingwave", "materialize")
DIALECTS = {"risingwave": "risingwave", "materialize": "materialize"}
# Where a target's adapter looks for a variant: dbt's own adapters build on dbt-postgres.
VARIANTS = {target: (target, "default") for target in DIALECTS} | {
    "embedded": ("penstock", "default")
}
PREFIXES = {prefix for prefixes in VARIANTS.values() for prefix in prefixes}
# Only where recursion is unrolled can it fall short.
NOT_ON = {
    "embedded": {"int_identity_unconverged"},
    "risingwave": set[str](),
    "materialize": {"int_identity_unconverged"},
}

DISPATCH = re.compile(r"adapter\.dispatch\(\s*'(\w+)'\s*,\s*'penstock'\s*\)")
MACRO = re.compile(r"{%-?\s*macro\s+(\w+)\s*\(([^)]*)\)")

# Seen in maintained views on a live node; not seen, but in its manual:
# https://docs.risingwave.com/sql/functions/string and …/aggregate
SEEN = (
    "array_remove cardinality coalesce convert_from count greatest jsonb_typeof last_value least"
    " lower max min nullif regexp_replace row_number sum trim"
)
IN_THE_MANUAL = "btrim date_bin first_value hop length md5 now split_part substr"
RISINGWAVE_FUNCTIONS = frozenset(f"{SEEN} {IN_THE_MANUAL}".split())


@dataclass(frozen=True, slots=True)
class Compiled:
    """A target's compiled project: the SQL of its models, data tests and analyses by name."""

    target: str
    models: dict[str, str]
    tests: dict[str, str]
    analyses: dict[str, str]
    disabled: frozenset[str]
    macros_used: frozenset[str]


class NotRead(AssertionError):
    """A statement that the engine's dialect does not read."""


# --- reading ---------------------------------------------------------------------------------


def read(statement: str, dialect: str) -> exp.Expression:
    """Parse one statement; raise NotRead for anything sqlglot does not understand to the end."""
    try:
        trees = sqlglot.parse(statement, dialect=dialect)
    except (ParseError, TokenError) as error:
        raise NotRead(str(error)) from error
    if len(trees) != 1 or trees[0] is None:
        raise NotRead(f"{len(trees)} statements, want one")
    # A Command is a verb and text: sqlglot gave up.
    command = trees[0].find(exp.Command)
    if command is not None:
        raise NotRead(f"only its verb was read: {command.sql()[:80]}")
    return trees[0]


def read_mutually_recursive(statement: str) -> list[exp.Expression]:
    """Parse what `with mutually recursive` binds, and the query over it; give the bound queries.

    https://materialize.com/docs/sql/select/recursive-ctes/
    """
    plain, count = re.subn(r"\bwith mutually recursive\b", "with", statement)
    if count != 1:
        raise NotRead(f"{count} times `with mutually recursive`, want one")
    bindings = re.findall(r"\w+ \(((?:\w+ \w+(?:, )?)+)\) as \(", plain)
    for types in bindings:
        columns = [column.split() for column in types.split(", ")]
        for _, name in columns:
            read(f"select cast(null as {name})", "materialize")
        plain = plain.replace(f"({types})", f"({', '.join(column for column, _ in columns)})")
    tree = read(plain, "materialize")
    bound = [common.this for common in tree.ctes]
    if not bound or len(bindings) != len(bound):
        raise NotRead("a binding without typed columns")
    return bound


def read_kafka_source(statement: str) -> None:
    """Read Materialize's CREATE SOURCE: https://materialize.com/docs/sql/create-source/kafka/."""
    item = r"(?:key|partition|offset|timestamp|headers) as \w+"
    grammar = rf"""
        create\ source\ (?:"\w+"|\w+)(?:\.(?:"\w+"|\w+))*
        (?:\ in\ cluster\ (?:"\w+"|\w+))?
        \ from\ kafka\ connection\ \w+\ \(topic\ '[^']+'\)
        \ format\ json
        \ include\ {item.replace(" ", chr(92) + " ")}(?:,\ {item.replace(" ", chr(92) + " ")})*
        \ envelope\ none;?
    """
    bare = " ".join(re.sub(r"--[^\n]*", "", statement).split())
    if not re.fullmatch(grammar, bare, re.VERBOSE):
        raise NotRead(f"no CREATE SOURCE: {bare}")


def as_materialize_runs_it(compiled: str) -> str:
    """Put dbt-materialize's own words before a source (materialize__create_source)."""
    return (
        f'create source "materialize"."public"."landed_events"\nin cluster quickstart\n{compiled}'
    )


# What sqlglot does not read, and who reads it here; a test fails when sqlglot learns it.
UNREAD: dict[str, Callable[[str], object]] = {
    "landed_events": lambda compiled: read_kafka_source(as_materialize_runs_it(compiled)),
    "int_identity_components": read_mutually_recursive,
}


def unread(compiled: Compiled) -> dict[str, str]:
    """Name the statements of a target that its dialect does not read, with the reason."""
    found = {}
    for name, statement in (compiled.models | compiled.tests | compiled.analyses).items():
        try:
            read(statement, DIALECTS[compiled.target])
        except NotRead as error:
            found[name] = str(error)
    return found


def lacking_on_risingwave(statement: str) -> list[str]:
    """Name what RisingWave does not have, or does otherwise, in a statement that it reads."""
    tree = read(statement, "risingwave")
    found = []
    if any(clause.args.get("recursive") for clause in tree.find_all(exp.With)):
        found.append("with recursive")
    if any(subscript.this.find(exp.ArrayAgg) for subscript in tree.find_all(exp.Bracket)):
        found.append("a subscript of array_agg, which is first_value or last_value there")
    if any(table.db == "penstock" for table in tree.find_all(exp.Table)):
        found.append("the control plane")
    tokens = Dialect.get_or_raise("risingwave").tokenize(statement)
    words = [token.text.lower() for token in tokens]
    text = " ".join(words)
    found += [
        wrong
        for wrong, pattern in {
            "encode json, which drops what it cannot read": r"\bencode json\b",
            "create source, which keeps nothing": r"\bcreate source\b",
            "a wildcard schema, which needs a registry": r"\( \* \) (?:include|with)\b",
            "a function of schema penstock": r"\bpenstock \. \w+ \(",
        }.items()
        if re.search(pattern, text)
    ]
    called = {
        word
        for word, token, after in zip(words, tokens, tokens[1:], strict=False)
        if after.token_type == TokenType.L_PAREN and token.token_type == TokenType.VAR
    }
    found += [f"{name}(), not seen there" for name in sorted(called - RISINGWAVE_FUNCTIONS)]
    return found


# --- macros ----------------------------------------------------------------------------------


def macros_in(texts: Iterator[str] | list[str]) -> tuple[set[str], dict[str, tuple[str, ...]]]:
    """Give the names that are dispatched, and every macro with the names of its arguments."""
    dispatched: set[str] = set()
    defined: dict[str, tuple[str, ...]] = {}
    for text in texts:
        dispatched |= set(DISPATCH.findall(text))
        for name, arguments in MACRO.findall(text):
            defined[name] = tuple(a.split("=")[0].strip() for a in arguments.split(",") if a)
    return dispatched, defined


def wrong_with(dispatched: set[str], defined: dict[str, tuple[str, ...]]) -> list[str]:
    """Tell what keeps a dispatched macro from running on every target."""
    wrong = []
    for name in sorted(dispatched):
        for target, prefixes in VARIANTS.items():
            variants = [f"{prefix}__{name}" for prefix in prefixes]
            taken = next((variant for variant in variants if variant in defined), None)
            if taken is None:
                wrong.append(f"{name} has no variant for {target}")
            elif defined[taken] != defined.get(name):
                wrong.append(f"{taken} takes {defined[taken]}, {name} {defined.get(name)}")
    for name in sorted(defined):
        engine, separator, base = name.partition("__")
        if engine == "postgres" and separator:
            wrong.append(f"{name}: RisingWave's and Materialize's adapters would take it")
        elif separator and (base not in dispatched or engine not in PREFIXES):
            wrong.append(f"{name} is a variant that nobody dispatches to")
    return wrong


# --- fixtures --------------------------------------------------------------------------------


def compile_project(target: str, place: Path) -> Compiled:
    """Run `dbt compile` as for a target whose server is not there."""
    command = [sys.executable, "-m", "dbt.cli.main", "compile", "--quiet", "--target", target]
    command += ["--no-introspect", "--no-populate-cache", "--no-partial-parse"]
    command += ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    command += ["--target-path", str(place / "target"), "--log-path", str(place / "logs")]
    # A port where nobody listens: what connects all the same fails at once.
    nowhere = {f"PENSTOCK_{engine}_PORT": "9" for engine in ("RISINGWAVE", "MATERIALIZE")}
    nowhere["PENSTOCK_DATABASE_URL"] = "postgresql://nobody@127.0.0.1:9/nowhere"
    done = subprocess.run(
        command, env=os.environ | nowhere, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    manifest = json.loads((place / "target" / "manifest.json").read_text())
    nodes = manifest["nodes"].values()

    def compiled(kind: str) -> dict[str, str]:
        return {
            node["name"]: node.get("compiled_code") or ""
            for node in nodes
            if node["resource_type"] == kind
        }

    return Compiled(
        target,
        compiled("model"),
        compiled("test"),
        compiled("analysis"),
        frozenset(name.split(".")[-1] for name in manifest["disabled"]),
        frozenset(name for node in nodes for name in node["depends_on"]["macros"]),
    )


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Compiled]:
    """Compile a target once: `compiled("risingwave")`."""
    known: dict[str, Compiled] = {}

    def give(target: str) -> Compiled:
        if target not in known:
            known[target] = compile_project(target, tmp_path_factory.mktemp(target))
        return known[target]

    return give


# --- tests -----------------------------------------------------------------------------------


@pytest.mark.parametrize("target", TARGETS)
def test_every_enabled_model_compiles(compiled: Callable[[str], Compiled], target: str) -> None:
    got = compiled(target)
    files = {path.stem for path in PROJECT.glob("models/**/*.sql")}
    assert got.disabled == NOT_ON[target]
    assert set(got.analyses) == {path.stem for path in PROJECT.glob("analyses/*.sql")} != set()
    assert set(got.models) == files - got.disabled
    every = got.models | got.tests | got.analyses
    empty = [name for name, text in every.items() if not text.strip()]
    assert empty == []
    assert len(got.tests) > len(got.models), "data tests were not compiled"


@pytest.mark.parametrize("target", TARGETS)
def test_every_dispatched_macro_runs(compiled: Callable[[str], Compiled], target: str) -> None:
    dispatched, _ = macros_in([path.read_text() for path in PROJECT.glob("macros/**/*.sql")])
    missing = {f"macro.penstock.{name}" for name in dispatched} - compiled(target).macros_used
    assert missing == set()


def test_risingwave_reads_every_statement(compiled: Callable[[str], Compiled]) -> None:
    assert unread(compiled("risingwave")) == {}


def test_risingwave_has_all_that_is_used(compiled: Callable[[str], Compiled]) -> None:
    models = compiled("risingwave").models | compiled("risingwave").analyses
    lacking = {name: lacking_on_risingwave(statement) for name, statement in models.items()}
    assert {name: found for name, found in lacking.items() if found} == {}


def test_risingwave_lands_bytes_in_a_table(compiled: Callable[[str], Compiled]) -> None:
    landing = compiled("risingwave").models["landed_events"].lower()
    assert "create table" in landing
    assert "format plain encode bytes" in landing


def test_materialize_reads_every_statement_but_two(compiled: Callable[[str], Compiled]) -> None:
    got = compiled("materialize")
    # Both ways: what sqlglot comes to read leaves the list, what it does not read is a fault.
    assert set(unread(got)) == set(UNREAD)
    for name, read_it in UNREAD.items():
        read_it(got.models[name])


def test_time_is_compared_as_each_engine_wants_it(compiled: Callable[[str], Compiled]) -> None:
    for target in TARGETS:
        for name, text in compiled(target).analyses.items():
            statement = re.sub(r"--[^\n]*", "", text)
            assert statement.count("mz_now()") == (statement.count("now()")
                    if target == "materialize" else 0), f"{target} {name}"  # fmt: skip
            assert "now()" in statement
    hopping = {target: compiled(target).analyses["events_per_window"] for target in TARGETS}
    assert "hop(" in hopping["risingwave"]
    for target in ("embedded", "materialize"):
        assert hopping[target].count("date_bin(interval '5 minutes'") == 5
        for minute in range(5):
            assert f"'1970-01-01 00:0{minute}:00+00'" in hopping[target]


EVENTS = """
create table events (
    message_id text primary key, type text, event text, user_id text, anonymous_id text,
    occurred_at timestamptz
);
insert into events
select i::text, 'track', case when i % 3 = 0 then 'Order Completed' end, null, 'a' || i % 7,
    timestamptz '2040-01-10 12:00Z' + i * interval '7 minutes'
from generate_series(-1600, 20) as i;
"""


def test_the_analyses_are_maintained_as_time_passes(
    compiled: Callable[[str], Compiled], database: Database
) -> None:
    connection = database.connection
    if connection.info.server_version < 140000:
        pytest.skip("the server has no date_bin()")
    connection.execute(EVENTS)
    analyses = compiled("embedded").analyses
    for name, text in analyses.items():
        query = re.sub(r'"\w+"\."\w+"\."events"', "public.events", text)
        deploy_view(connection, StoryView(name, query))
    shown: dict[str, set[object]] = {name: set() for name in analyses}
    for until in ("10 12:00", "10 12:01", "10 12:07", "10 13:00", "11 12:00", "17 12:00"):
        connection.execute(f"select penstock.tick('2040-01-{until}Z')".encode())
        assert assert_all_maintained(connection) == len(analyses)
        for name, rows in shown.items():
            found = connection.execute(f"select * from {name} order by 1".encode()).fetchall()
            rows.add(str(found))
    assert all(len(rows) > 2 for rows in shown.values()), "the time changed nothing"


def test_every_dispatched_macro_has_a_variant_for_every_target() -> None:
    dispatched, defined = macros_in([path.read_text() for path in PROJECT.glob("macros/**/*.sql")])
    assert len(dispatched) >= 7, "the dispatches were not found"
    assert wrong_with(dispatched, defined) == []


# --- each check can fail ---------------------------------------------------------------------


@pytest.mark.parametrize("dialect", DIALECTS.values())
@pytest.mark.parametrize(
    "statement",
    [
        "select from where",
        "select a from (select 1 as a",
        "select 'open",
        "vacuum full",
        "select 1; select 2",
        "",
        "-- nothing",
    ],
)
def test_a_wrong_statement_is_not_read(statement: str, dialect: str) -> None:
    with pytest.raises(NotRead):
        read(statement, dialect)


BOUND = (
    "with mutually recursive r (a text) as (select 1::text union select a from r) select * from r"
)


def test_a_recursive_query_is_read_by_its_parts() -> None:
    (bound,) = read_mutually_recursive(BOUND)
    assert isinstance(bound, exp.Union)


@pytest.mark.parametrize(
    "statement",
    [
        BOUND.replace("mutually recursive ", ""),
        BOUND.replace("select a from r", "select a from"),
        BOUND.replace("a text", "a"),
        BOUND.replace(" (a text)", ""),
        BOUND.replace("select * from r", "select * from"),
    ],
)
def test_a_wrong_recursive_query_is_not_read(statement: str) -> None:
    with pytest.raises(NotRead):
        read_mutually_recursive(statement)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("envelope none", "envelope nothing"),
        ("format json\n", ""),
        ("from kafka", "create source s from kafka"),
        ("(topic 'events')", "(topic events)"),
        ("partition as p, ", "partition as p "),
    ],
)
def test_a_wrong_source_is_not_read(right: str, wrong: str) -> None:
    source = (
        "-- Messages.\nfrom kafka connection k (topic 'events')\nformat json\n"
        "include partition as p, offset as o\nenvelope none"
    )
    read_kafka_source(as_materialize_runs_it(source))
    with pytest.raises(NotRead):
        read_kafka_source(as_materialize_runs_it(source.replace(right, wrong)))


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("with recursive r as (select 1 union select * from r) select * from r", "with recursive"),
        ("select (array_agg(a order by b desc) filter (where a > 1))[1] from t", "array_agg"),
        ("select penstock.to_timestamptz(a) from t", "a function of schema penstock"),
        ("select * from penstock.dead_letters", "the control plane"),
        ("select percentile_cont(0.5) within group (order by a) from t", "percentile_cont()"),
        ("create table t (data jsonb) with (connector = 'kafka') format plain encode json", "json"),
        (
            "create source s (d bytea) with (connector = 'kafka') format plain encode bytes",
            "source",
        ),
        ("create table t (*) with (connector = 'kafka') format plain encode bytes", "wildcard"),
    ],
)
def test_what_risingwave_lacks_is_found(statement: str, found: str) -> None:
    told = lacking_on_risingwave(statement)
    assert any(found in wrong for wrong in told), told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{% macro m(a) %}{{ adapter.dispatch('m', 'penstock')(a) }}{% endmacro %}", "no variant"),
        ("{% macro risingwave__n(a) %}{% endmacro %}", "nobody dispatches"),
        ("{% macro postgres__m(a) %}{% endmacro %}", "would take it"),
        (
            "{% macro m(a) %}{{ adapter.dispatch('m', 'penstock')(a) }}{% endmacro %}"
            "{% macro default__m(a) %}{% endmacro %}{% macro materialize__m(a, b) %}{% endmacro %}",
            "materialize__m takes",
        ),
    ],
)
def test_what_is_wrong_with_a_macro_is_found(text: str, told: str) -> None:
    assert any(told in wrong for wrong in wrong_with(*macros_in([text])))
