"""The constructs of docs/coverage.md: examples over one schema, and how each is maintained.

-- section: Rows and joins
-- construct: inner join on equality
-- view
select t.id, u.y from t join u on u.g = t.g
-- by: Bag

`by` names the operators that must appear in its plan (without it, any may); `error` and `hint`
stand where the construct is refused, and say how.
"""

from dataclasses import dataclass
from pathlib import Path

from penstock.testing.sections import FixtureError, files_in, read_sections
from penstock_ivm.explaining import described
from penstock_ivm.plan import Plan
from penstock_ivm.upkeep import Method

SCHEMA = "00_schema.sql"
SECTIONS = frozenset(["section", "construct", "view", "by", "error", "hint"])


@dataclass(frozen=True, slots=True)
class Construct:
    """One line of the page: its section, what it is called, an example, and what is claimed."""

    section: str
    title: str
    query: str
    by: tuple[str, ...]
    error: str
    hint: str

    @property
    def is_refused(self) -> bool:
        """Whether no operator maintains it."""
        return bool(self.error)


@dataclass(frozen=True, slots=True)
class World:
    """The tables of the examples, a maintained view among them, and what happens to them."""

    tables: str
    upstream: dict[str, str]
    steps: dict[str, str]


def read_world(folder: Path) -> World:
    """Read the schema of the examples and the changes that each goes through."""
    tables, upstream, steps = "", {}, {}
    for section in read_sections(folder / SCHEMA, {"tables", "upstream", "step"}):
        if section.name == "tables":
            tables = section.text
        elif section.name == "upstream":
            upstream[section.title] = section.text
        else:
            steps[section.title] = section.text
    return World(tables, upstream, steps)


def read_constructs(folder: Path) -> list[Construct]:
    """Read the constructs of a folder, in the order of its files."""
    found: list[dict[str, str]] = []
    for path in files_in(folder):
        if path.name == SCHEMA:
            continue
        named = ""
        for section in read_sections(path, SECTIONS):
            if section.name == "section":
                named = section.title
            elif section.name == "construct":
                found.append({"section": named, "construct": section.title, "file": path.name})
            elif not found:
                raise FixtureError(f"{section.name!r} stands before a construct", path.name)
            else:
                found[-1][section.name] = section.text or section.title
    for parts in found:
        refused = "error" in parts
        if not parts.get("view") or refused != ("hint" in parts) or (refused and "by" in parts):
            raise FixtureError(
                f"{parts['construct']!r} is not whole",
                detail=parts["file"],
                hint="a view, and either what it is maintained by or its error and hint",
            )
    return [
        Construct(
            p["section"],
            p["construct"],
            p["view"],
            tuple(name.strip() for name in p.get("by", "").split(",") if name.strip()),
            p.get("error", ""),
            p.get("hint", ""),
        )
        for p in found
    ]


def operators(plan: Plan) -> list[str]:
    """Name the operators of a plan, inputs first."""
    return [type(stage).__name__ for stage in plan.stages]


def page(lines: list[tuple[Construct, Plan | None]]) -> str:
    """Write docs/coverage.md from what was planned; a refused construct has no plan."""
    text = HEAD
    section = ""
    for construct, plan in lines:
        if construct.section != section:
            section = construct.section
            text += f"\n## {section}\n\n{COLUMNS}"
        cells = [construct.title, *(_refused(construct) if plan is None else _maintained(plan))]
        text += "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"
    return text


HEAD = """# Coverage

What becomes of each construct of SQL. `make golden` writes this page from what the operators
declare of themselves and the plan of an example (`tests/engine/coverage`). A test deploys every
example, changes its tables by inserts, updates of keys, deletes, upserts, statements that change
several tables, and TRUNCATE, and compares the view with its SELECT after each. For the plan of a
model of your own: `penstock explain MODEL`.

- **delta**: read are the changed rows, what they join and the state rows that they meet.
- **affected keys**: the groups or partitions of the changed rows are computed again, no others.
- **refused**: `dbt run` stops with the construct, its line, and the way out shown here.

*State* is what is kept beside the inputs, one table an operator. *Cost* is per changed row: what is
read, by index, and written. It does not grow with the tables, except where it says "the whole".
"""
COLUMNS = """| construct | method | operators | state | cost per changed row |
|---|---|---|---|---|
"""


def _refused(construct: Construct) -> list[str]:
    return ["**refused**", "", construct.error, f"*{construct.hint}*"]


def _maintained(plan: Plan) -> list[str]:
    told = [described(stage) for stage in plan.stages]
    recomputed = any(stage["method"] == Method.RECOMPUTE for stage in told)
    return [
        Method.RECOMPUTE if recomputed else Method.DELTA,
        ", ".join(f"`{name}`" for name in operators(plan)),
        "; ".join(dict.fromkeys(stage["state"] for stage in told)),
        "; ".join(dict.fromkeys(stage["cost"] for stage in told)),
    ]
