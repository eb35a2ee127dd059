"""What this Penstock wants of a control plane, and whether a database has it.

dbt asks at every run, by its own connection: nothing slow is loaded here, psycopg neither.
"""

import hashlib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from penstock.errors import PenstockError

STATE_QUERY = """
select
    (select version_num from penstock.alembic_version),
    (select jsonb_object_agg(name, sha256) from penstock.functions),
    to_regnamespace('penstock_state') is not null
"""


def is_current(ask: Callable[[str], Sequence[tuple[Any, ...]]]) -> bool:
    """Tell whether there is nothing to do. ask: runs a query and gives its rows."""
    ((begun,),) = ask("select to_regclass('penstock.functions') is not null")
    return begun and list(ask(STATE_QUERY)) == [(head_revision(), hashes(), True)]


def head_revision() -> str:
    """Return the newest revision, read from the file names so that alembic need not load."""
    files = (sql_dir() / "migrations" / "versions").glob("[0-9]*.py")
    return max(file.name.partition("_")[0] for file in files)


@cache
def sql_dir() -> Path:
    """Find the folder `sql`: in the package when installed, at the root in a clone."""
    here = Path(__file__).parent
    for place in (here / "sql", here.parents[1] / "sql"):
        if (place / "migrations").is_dir():
            return place
    raise PenstockError(
        "the folder sql with the migrations is missing from this installation",
        hint="install penstock again",
    )


def function_files() -> dict[str, str]:
    """Return the runtime's SQL, by file name, in the order in which it is applied."""
    return {file.name: file.read_text() for file in sorted((sql_dir() / "functions").glob("*.sql"))}


def hashes() -> dict[str, str]:
    """Return the hash of each file of the runtime's SQL."""
    return {
        name: hashlib.sha256(text.encode()).hexdigest() for name, text in function_files().items()
    }
