"""`penstock demo`, in small, against real services."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from penstock.demo.generator import messages
from penstock.services.kafka import Broker, start_kafka
from penstock.testing.services import Database

ROOT = Path(__file__).parents[2]
MESSAGES = 3_000


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The dbt project in a folder of its own, so that the developer's services are left alone."""
    for name in ("dbt_project.yml", "profiles.yml", "models", "macros", "seeds"):
        if (ROOT / name).exists():
            (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


def demo(database: Database, broker: Broker, project: Path) -> str:
    environment = os.environ | {
        "PENSTOCK_DATABASE_URL": database.url,
        "PENSTOCK_KAFKA_BOOTSTRAP": broker.bootstrap,
    }
    command = "from penstock.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", command, "demo", "--messages", str(MESSAGES)],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def count(connection: psycopg.Connection, relation: str) -> int:
    query = sql.SQL("select count(*) from {}").format(sql.Identifier(*relation.split(".")))
    [(rows,)] = connection.execute(query).fetchall()
    return int(rows)


def test_the_demo_accounts_for_every_message_and_can_be_run_again(
    database: Database, kafka_broker: Broker, project: Path, tmp_path: Path
) -> None:
    with start_kafka(tmp_path / "kafka", libs=kafka_broker.libs) as broker:
        told = demo(database, broker, project)
        assert f"{MESSAGES:,} messages in" in told
        assert 'psql "$PENSTOCK_DATABASE_URL"' in told
        first = count(database.connection, "public.profiles")
        assert first > 0
        assert "THIS RUN" in demo(database, broker, project)
    connection = database.connection
    assert count(connection, "public.profiles") > first
    landed = count(connection, "public.landed_events")
    assert landed + count(connection, "penstock.dead_letters") == 2 * MESSAGES
    assert landed > count(connection, "public.events") > 0.9 * 2 * MESSAGES
    assert count(connection, "public.events_quarantined") > 0


def test_the_sample_is_the_same_each_time_and_other_people_with_another_seed() -> None:
    first, again, other = (list(messages(500, seed=seed)) for seed in (1, 1, 2))
    assert first == again
    assert not {m.value for m in first if m.value and b"messageId" in m.value and m.key} & {
        m.value for m in other
    }
