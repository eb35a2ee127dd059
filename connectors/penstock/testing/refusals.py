"""Refusals: a SELECT that cannot be maintained, and the words in which that is said.

-- refusal: a full join
-- tables
create table a (k int); create table b (k int);
-- view
select a.k from a full join b using (k)
-- error
FULL JOIN cannot be maintained
-- hint
take the union all of a left join and an anti join (NOT EXISTS)
"""

from dataclasses import dataclass
from pathlib import Path

from penstock.testing.sections import FixtureError, read_sections

SECTIONS = frozenset(["refusal", "requires", "tables", "view", "error", "hint"])


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is refused (`query`, over `tables`), and how."""

    title: str
    tables: str
    query: str
    error: str
    hint: str


def read_refusals(path: Path) -> list[Refusal]:
    """Read a file of one or more refusals; tables stay for those that follow."""
    found: list[dict[str, str]] = []
    tables = ""
    for section in read_sections(path, SECTIONS):
        if section.name == "refusal":
            found.append({"refusal": section.title, "tables": tables})
        elif not found:
            raise FixtureError(
                f"{section.name!r} stands before a title",
                detail=f"{path.name}:{section.line}",
                hint="begin with -- refusal: title",
            )
        else:
            found[-1][section.name] = section.text
            tables = section.text if section.name == "tables" else tables
    for parts in found:
        missing = {"refusal", "tables", "view", "error", "hint"} - {
            k for k, v in parts.items() if v
        }
        if missing:
            raise FixtureError(
                f"{parts['refusal']!r} has no {', '.join(sorted(missing))}",
                detail=path.name,
                hint="add the section",
            )
    return [Refusal(p["refusal"], p["tables"], p["view"], p["error"], p["hint"]) for p in found]
