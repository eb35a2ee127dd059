"""What cannot be maintained is refused, in the words of tests/engine/refusals."""

from pathlib import Path

import pytest

from penstock.testing.refusals import Refusal, read_refusals
from penstock.testing.sections import files_in
from penstock.testing.services import Database
from penstock_ivm import PsycopgSession, Unmaintainable, View, deploy

FILES = files_in(Path(__file__).parent / "refusals")
REFUSALS = [(path.stem, refusal) for path in FILES for refusal in read_refusals(path)]


def refused(database: Database, refusal: Refusal) -> Unmaintainable:
    connection = database.connection
    connection.execute(refusal.tables)
    view = View("public", "told", refusal.query, path="models/told.sql")
    with pytest.raises(Unmaintainable) as caught, connection.transaction():
        deploy(PsycopgSession(connection), view)
    return caught.value


@pytest.mark.parametrize(
    "refusal", [r for _, r in REFUSALS], ids=[f"{stem}-{r.title}" for stem, r in REFUSALS]
)
def test_refused_in_these_words(database: Database, refusal: Refusal) -> None:
    error = refused(database, refusal)
    assert (error.primary, error.hint) == (refusal.error, refusal.hint)
    assert error.detail is not None
    assert error.detail.startswith("models/told.sql:"), error.detail
    left = database.connection.execute(
        "select relname from pg_class where relnamespace = 'penstock_state'::regnamespace"
        " union all select tgname from pg_trigger where not tgisinternal"
        "   and tgrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)"
    ).fetchall()
    assert left == [], "a refused model leaves nothing behind"


def test_titles_are_told_apart() -> None:
    titles = [refusal.title for _, refusal in REFUSALS]
    assert len(titles) == len(set(titles))
