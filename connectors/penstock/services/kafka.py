"""An Apache Kafka broker of our own: one node, KRaft, on 127.0.0.1, data that survives restarts."""

import base64
import json
import shutil
import signal
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from penstock.errors import PenstockError
from penstock.services.jars import find_java, resolve_jars
from penstock.services.process import (
    ServerProcess,
    accepts,
    environment,
    free_port,
    last_lines,
    run_tool,
    wait_until,
)

START_SECONDS = 60.0
STOP_SECONDS = 30.0
# Ready in two seconds in 340 MiB; the second compiler's threads would take both cores.
JAVA_OPTIONS = ("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")

PROPERTIES = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "PLAINTEXT",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "num.partitions": "4",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "4",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "group.initial.rebalance.delay.ms": "0",
    # After kill -9 the controller must see the old broker gone: 4 s instead of 13 s.
    "broker.session.timeout.ms": "2000",
    "broker.heartbeat.interval.ms": "250",
    "controlled.shutdown.enable": "false",
    "message.max.bytes": str(32 * 1024 * 1024),
}
LOG4J = """
appender.console.type=Console
appender.console.name=STDOUT
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=%d %p %c{1} - %m%n
rootLogger.level=WARN
rootLogger.appenderRef.stdout.ref=STDOUT
"""


@dataclass(frozen=True, slots=True)
class Broker:
    """A running broker; a context manager that stops it."""

    data_dir: Path
    libs: Path
    port: int
    controller_port: int
    process: ServerProcess

    @property
    def bootstrap(self) -> str:
        """The address for clients, host:port."""
        return f"127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The broker's process id."""
        return self.process.pid

    def is_alive(self) -> bool:
        """Tell whether the process runs."""
        return self.process.is_alive()

    def stop(self) -> None:
        """Stop it cleanly; past the deadline kill it, which loses nothing acknowledged."""
        if not self.process.end(signal.SIGTERM, seconds=STOP_SECONDS):
            self.kill()

    def kill(self) -> None:
        """Kill -9."""
        self.process.end(signal.SIGKILL, seconds=STOP_SECONDS)

    def restart(self) -> "Broker":
        """Start it again on the same port and data, after `stop` or `kill`."""
        return start_kafka(
            self.data_dir, port=self.port, controller_port=self.controller_port, libs=self.libs
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def start_kafka(
    data_dir: Path,
    *,
    port: int | None = None,
    controller_port: int | None = None,
    libs: Path | None = None,
) -> Broker:
    """Start a broker on `data_dir`, made when it is missing, and wait until it answers.

    port, controller_port: when None the last ones, if nobody listens there, else free ones.
    libs: the jars' folder, filled when it is empty; beside `data_dir` when None.
    Raises BrokerUnavailable where Java or Maven are missing.
    """
    java = find_java()
    data_dir = data_dir.absolute()
    libs = resolve_jars((libs or data_dir.parent / "libs").absolute())
    if running_kafka(data_dir) is not None:
        raise PenstockError(f"a Kafka broker already runs on {data_dir}", hint="stop it, or use it")
    port = port or _last_port(data_dir, "port") or free_port()
    controller_port = controller_port or _last_port(data_dir, "controller_port") or free_port()
    _write_config(data_dir, port, controller_port)
    java_command = [
        java,
        *JAVA_OPTIONS,
        "-cp",
        f"{libs}/*",
        f"-Dlog4j2.configurationFile={data_dir}/log4j2.properties",
    ]
    if not (data_dir / "log" / "meta.properties").exists():
        _format(data_dir, java_command)
    log = data_dir / "server.log"
    log.unlink(missing_ok=True)
    process = ServerProcess.start(
        [*java_command, "kafka.Kafka", str(data_dir / "server.properties")],
        None,
        log=log,
        env=environment(),
    )
    broker = Broker(data_dir, libs, port, controller_port, process)
    wait_until(lambda: not broker.is_alive() or _answers(broker), seconds=START_SECONDS)
    if not broker.is_alive() or not _answers(broker):
        broker.kill()
        raise PenstockError(
            f"the Kafka broker did not start on {data_dir}",
            detail=last_lines(log),
            hint=f"look at {log}",
        )
    place = {"pid": broker.pid, "port": port, "controller_port": controller_port, "libs": str(libs)}
    _place_file(data_dir).write_text(json.dumps(place))
    return broker


def running_kafka(data_dir: Path) -> Broker | None:
    """Return the broker that runs on `data_dir`, whoever started it, or None."""
    try:
        place = json.loads(_place_file(data_dir.absolute()).read_text())
        broker = Broker(
            data_dir.absolute(),
            Path(place["libs"]),
            place["port"],
            place["controller_port"],
            ServerProcess(place["pid"]),
        )
    except (OSError, ValueError, KeyError):
        return None
    # Another process may have the number by now; it does not listen on the port too.
    return broker if broker.is_alive() and accepts(broker.port) else None


def remove_kafka(data_dir: Path) -> None:
    """Delete a stopped broker's data."""
    shutil.rmtree(data_dir, ignore_errors=True)


def _place_file(data_dir: Path) -> Path:
    return data_dir / "broker.json"


def _last_port(data_dir: Path, name: str) -> int | None:
    """Read a port of the last start, so that a user's connection settings stay valid."""
    try:
        port = int(json.loads(_place_file(data_dir).read_text())[name])
    except (OSError, ValueError, KeyError):
        return None
    return None if accepts(port) else port


def _write_config(data_dir: Path, port: int, controller_port: int) -> None:
    data_dir.mkdir(parents=True, exist_ok=True)
    properties = PROPERTIES | {
        "listeners": f"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}",
        "controller.quorum.voters": f"1@127.0.0.1:{controller_port}",
        "log.dirs": str(data_dir / "log"),
    }
    lines = [f"{name}={value}\n" for name, value in properties.items()]
    (data_dir / "server.properties").write_text("".join(lines))
    (data_dir / "log4j2.properties").write_text(LOG4J.lstrip())


def _format(data_dir: Path, java_command: list[str]) -> None:
    cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    run_tool(
        [
            *(*java_command, "kafka.tools.StorageTool", "format", f"--cluster-id={cluster}"),
            *("-c", str(data_dir / "server.properties")),
        ],
        None,
        what="formatting the Kafka broker's storage",
    )


def _answers(broker: Broker) -> bool:
    """Ask for the cluster's topics, but only once somebody listens: librdkafka would complain."""
    if not accepts(broker.port):
        return False
    client = AdminClient({"bootstrap.servers": broker.bootstrap, "log_level": 0})
    with suppress(KafkaException):
        client.list_topics(timeout=5)
        return True
    return False
