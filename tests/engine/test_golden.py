"""The SQL that a few models compile to, kept for review; `make golden` rewrites it."""

import os
import re
from pathlib import Path

import pytest

from penstock.testing.sections import files_in, read_sections
from penstock.testing.services import Database
from penstock_ivm import PsycopgSession, View, deploy

FOLDER = Path(__file__).parent / "golden"
MODELS = [path for path in files_in(FOLDER) if not path.name.endswith(".emitted.sql")]
SECTIONS = {"model", "tables", "view"}
REWRITE = os.environ.get("PENSTOCK_GOLDEN") == "rewrite"


class Listening(PsycopgSession):
    """Notes every statement that makes an object that lasts."""

    def __init__(self, database: Database) -> None:
        super().__init__(database.connection)
        self.made: list[str] = []

    def execute(self, sql: str) -> list[tuple[object, ...]]:
        # The view that keeps the model's own SELECT is in the server's words, which change.
        lasts = re.match(r"\s*(create|alter|comment|drop trigger)\s(?!temporary)", sql)
        if lasts and "__select" not in sql.split(" as ", maxsplit=1)[0]:
            self.made.append(sql.strip())
        return super().execute(sql)


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_golden(database: Database, path: Path) -> None:
    sections = {section.name: section for section in read_sections(path, SECTIONS)}
    database.connection.execute(sections["tables"].text)
    session = Listening(database)
    with database.connection.transaction():
        deploy(session, View("public", path.stem, sections["view"].text, path=path.name))
    got = f"-- what {path.name} compiles to; written by `make golden`\n"
    got += "\n".join(f"{text}\n" for text in session.made)
    emitted = path.with_suffix(".emitted.sql")
    if REWRITE:
        emitted.write_text(got)
    want = emitted.read_text() if emitted.exists() else ""
    assert got == want, "run `make golden` and review the difference"
