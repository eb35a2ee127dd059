"""What cannot be maintained is refused, in the words of tests/engine/refusals."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from penstock.services.postgres import Server
from penstock.testing.refusals import Refusal, read_refusals
from penstock.testing.sections import files_in
from penstock.testing.services import TEMPLATE, Database, fresh_database
from penstock_ivm import PsycopgSession, Unmaintainable, View, deploy

FILES = files_in(Path(__file__).parent / "refusals")
REFUSALS = [(path.stem, refusal) for path in FILES for refusal in read_refusals(path)]


@pytest.fixture(scope="module")
def shared(postgres_server: Server) -> Iterator[Database]:
    """One database for all refusals: none of them leaves anything behind."""
    with fresh_database(postgres_server, "test_refusals", template=TEMPLATE) as database:
        yield database


@pytest.mark.parametrize(
    "refusal", [r for _, r in REFUSALS], ids=[f"{stem}-{r.title}" for stem, r in REFUSALS]
)
def test_refused_in_these_words(shared: Database, refusal: Refusal) -> None:
    connection = shared.connection
    view = View("public", "told", refusal.query, path="models/told.sql")
    with connection.transaction(force_rollback=True):
        connection.execute(refusal.tables)
        with pytest.raises(Unmaintainable) as caught, connection.transaction():
            deploy(PsycopgSession(connection), view)
        left = connection.execute(
            "select relname from pg_class where relnamespace = 'penstock_state'::regnamespace"
            " union all select tgname from pg_trigger where tgname like 'penstock%'"
        ).fetchall()
    error = caught.value
    assert (error.primary, error.hint) == (refusal.error, refusal.hint)
    assert error.detail is not None
    assert error.detail.startswith("models/told.sql"), error.detail
    assert left == [], "a refused model leaves nothing behind"


def test_titles_are_told_apart() -> None:
    titles = [refusal.title for _, refusal in REFUSALS]
    assert len(titles) == len(set(titles))
