"""`penstock up`, `status` and `down`, as a user runs them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from confluent_kafka import Producer

from penstock.services.kafka import Broker, running_kafka
from penstock.services.postgres import running_postgres
from penstock.testing.services import Database, server_place
from penstock_ivm import PsycopgSession, View, deploy

PENSTOCK = [sys.executable, "-c", "from penstock.cli import main; main()"]


class Project:
    """A folder in which the command is run."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith("PENSTOCK_")
        }

    def run(self, *arguments: str, status: int = 0) -> str:
        done = subprocess.run(
            [*PENSTOCK, *arguments],
            cwd=self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        told = done.stdout + done.stderr
        assert done.returncode == status, told
        assert "Traceback" not in told
        return told

    @property
    def services(self) -> dict[str, str]:
        written: dict[str, str] = json.loads(
            (self.root / ".penstock/run/services.json").read_text()
        )
        return written


@pytest.fixture
def project(kafka_broker: Broker) -> Iterator[Project]:
    """An empty project; the session broker's jars are lent to it."""
    with server_place() as place:
        place.mkdir()
        (place / "dbt_project.yml").touch()
        (place / ".penstock" / "kafka").mkdir(parents=True)
        (place / ".penstock" / "kafka" / "libs").symlink_to(kafka_broker.libs)
        project = Project(place)
        yield project
        project.run("down")


def test_up_starts_once_keeps_running_and_finds_its_data_again(project: Project) -> None:
    told = project.run("up")
    first = project.services
    assert first["database_url"] in told
    assert f"psql {first['database_url']}" in told
    with psycopg.connect(first["database_url"]) as connection:
        connection.execute("create table kept (a int)")
    assert project.run("up") == told, "a second `up` started something anew"
    assert project.services == first
    assert project.run("down") == "stopped Kafka and PostgreSQL\n"
    assert project.run("down") == "nothing was running\n"

    project.run("up")
    again = project.services
    assert again["database_url"] == first["database_url"]
    assert again["kafka_bootstrap"] == first["kafka_bootstrap"]
    with psycopg.connect(again["database_url"]) as connection:
        assert connection.execute("select count(*) from public.kept").fetchone() == (0,)


def test_up_starts_again_what_was_killed(project: Project) -> None:
    project.run("up")
    before = project.services
    for running in (
        running_postgres(project.root / ".penstock/postgres"),
        running_kafka(project.root / ".penstock/kafka/data"),
    ):
        assert running is not None
        running.kill()
    project.run("up")
    after = project.services
    assert after["database_url"] == before["database_url"]
    assert after["postgres_pid"] != before["postgres_pid"]
    assert after["kafka_pid"] != before["kafka_pid"]


def test_the_roles_are_least_privileged(project: Project) -> None:
    project.environment["PENSTOCK_KAFKA_BOOTSTRAP"] = "127.0.0.1:1"
    project.run("up")
    with psycopg.connect(project.services["database_url"]) as connection:
        roles = connection.execute(
            "select rolname, rolsuper, rolcreatedb, rolcreaterole from pg_roles"
            " where rolname like 'penstock%' order by 1"
        ).fetchall()
    names = ("penstock", "penstock_connector", "penstock_reader")
    assert roles == [(name, False, False, False) for name in names]
    assert "penstock_connector@" in project.services["connector_url"]


def test_a_users_own_database_and_broker_are_used_and_left_alone(
    project: Project, database: Database, kafka_broker: Broker
) -> None:
    project.environment |= {
        "PENSTOCK_DATABASE_URL": database.url,
        "PENSTOCK_KAFKA_BOOTSTRAP": kafka_broker.bootstrap,
    }
    told = project.run("up")
    assert told.count("(yours)") == 2
    assert not (project.root / ".penstock/postgres").exists()
    assert project.services["database_url"] == database.url
    assert project.run("down") == "nothing was running\n"
    assert database.connection.execute("select 1").fetchone() == (1,)


def test_status_tells_lag_dead_letters_and_sizes(
    project: Project, database: Database, kafka_broker: Broker
) -> None:
    producer = Producer({"bootstrap.servers": kafka_broker.bootstrap})
    for _ in range(5):
        producer.produce("status_events", b"{}", partition=0)
    assert producer.flush(30) == 0
    database.connection.execute(
        """
        create table public.landed (
            kafka_partition int, kafka_offset bigint, kafka_timestamp timestamptz,
            primary key (kafka_partition, kafka_offset)
        );
        insert into public.landed values (0, 0, now() - interval '1 second'), (0, 1, now());
        insert into penstock.subscriptions values ('status_events', 'public', 'landed', 'json');
        insert into penstock.source_offsets values ('status_events', 0, 3);
        insert into penstock.dead_letters (topic, partition, "offset", error)
        values ('status_events', 0, 2, 'no JSON');
        create table penstock_state.shown as select generate_series(1, 10000) as a;
        insert into penstock.views values ('public', 'shown', '', '', 'shown', '{}');
        """
    )
    project.environment |= {
        "PENSTOCK_DATABASE_URL": database.url,
        "PENSTOCK_KAFKA_BOOTSTRAP": kafka_broker.bootstrap,
    }
    status = json.loads(project.run("status", "--json"))
    [source] = status["sources"]
    assert source["lag"] == 2
    assert source["dead_letters"] == 1
    assert 0 <= source["freshness_seconds"] < 60
    [partition, *unread] = source["partitions"]
    assert partition == {"partition": 0, "next_offset": 3, "high_watermark": 5, "lag": 2}
    assert all(part["lag"] == 0 for part in unread)
    [view] = status["views"]
    assert view["name"] == "public.shown"
    assert view["state_bytes"] > 300_000

    told = project.run("status")
    assert "status_events" in told
    assert "public.shown" in told

    project.environment["PENSTOCK_KAFKA_BOOTSTRAP"] = "127.0.0.1:1"
    status = json.loads(project.run("status", "--json"))
    assert "does not answer" in status["kafka_error"]
    assert status["sources"][0]["lag"] is None


def test_verify_finds_a_wrong_row_and_repair_mends_it(project: Project, database: Database) -> None:
    database.connection.execute("create table public.orders (customer text, amount int)")
    database.connection.execute("insert into orders values ('ann', 1), ('bob', 2)")
    with database.connection.transaction():
        view = View(
            "public", "totals", "select customer, sum(amount) from orders group by customer"
        )
        deploy(PsycopgSession(database.connection), view)
    project.environment["PENSTOCK_DATABASE_URL"] = database.url
    assert project.run("verify") == "public.totals: equal to its SELECT\n"

    with database.connection.transaction():
        database.connection.execute("alter table orders disable trigger user")
        database.connection.execute("insert into orders values ('cat', 3)")
        database.connection.execute("alter table orders enable trigger user")
    told = project.run("verify", "totals", status=1)
    assert "1 rows differ" in told
    assert "missing 1 times: (cat,3)" in told
    said, done = project.run("repair", "public.totals").splitlines()
    assert said.startswith("public.totals: reads ")
    assert said.endswith(" of public.orders; writers of it wait, readers do not")
    assert done == "public.totals: computed anew"
    assert project.run("verify", "totals") == "public.totals: equal to its SELECT\n"

    told = project.run("verify", "total", status=1)
    assert told.startswith(
        "error: no maintained view is named total\ndetail: there are: public.totals"
    )


def test_commands_without_services_say_what_to_run(project: Project) -> None:
    for command in (["status"], ["connect"], ["verify"], ["repair", "profiles"]):
        told = project.run(*command, status=1)
        assert told.startswith("error: no database")
        assert "hint: run `penstock up`" in told


def test_up_without_java_starts_the_database_and_says_so(project: Project) -> None:
    project.environment["PATH"] = "/nowhere"
    project.environment.pop("JAVA_HOME", None)
    told = project.run("up")
    assert "Java 17 or newer is missing" in told
    assert project.services["kafka_bootstrap"] is None
    assert "error: no broker" in project.run("connect", status=1)
