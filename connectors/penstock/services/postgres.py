"""A PostgreSQL server of our own: made, started, stopped, killed, found again.

It listens on 127.0.0.1 only and has no Unix socket, for socket paths end at 107 bytes and a
project may live anywhere. Connections are trusted, as on a developer's machine: whoever may log
in to this machine may log in to this server. A shared machine wants a database of its own,
named by PENSTOCK_DATABASE_URL.
"""

import signal
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from penstock.errors import PenstockError
from penstock.services.binaries import Binaries, choose_binaries
from penstock.services.cluster import (
    SUPERUSER,
    claimed,
    enterable,
    forget_zombie,
    initialise,
    is_ready,
    last_port,
    pid_file,
    usable_place,
    write_settings,
)
from penstock.services.process import (
    Account,
    ServerProcess,
    accepts,
    environment,
    free_port,
    last_lines,
    server_account,
    wait_until,
)

START_SECONDS = 60.0  # crash recovery included
STOP_SECONDS = 60.0  # the shutdown checkpoint included


@dataclass(frozen=True, slots=True)
class Server:
    """A running PostgreSQL; a context manager that stops it.

    `data_dir` is where the data is, which may differ from where it was asked for (see
    `usable_place`). `url` connects as the superuser to the database `postgres`.
    """

    data_dir: Path
    binaries: Binaries
    port: int
    process: ServerProcess
    durable: bool = True

    @property
    def pid(self) -> int:
        """The postmaster's process id."""
        return self.process.pid

    @property
    def url(self) -> str:
        """The superuser's connection URL."""
        return self.url_for(SUPERUSER, "postgres")

    def url_for(self, user: str, database: str) -> str:
        """Return the connection URL of another user or database of this server."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def is_alive(self) -> bool:
        """Tell whether the postmaster runs."""
        return self.process.is_alive()

    def stop(self) -> None:
        """Stop it at once but cleanly: clients are disconnected, all committed data is written."""
        if not self.process.end(signal.SIGINT, seconds=STOP_SECONDS):
            raise PenstockError(
                f"PostgreSQL (process {self.pid}) did not stop within {STOP_SECONDS:.0f} s",
                detail=last_lines(self.data_dir / "server.log"),
                hint=f"look at {self.data_dir / 'server.log'}",
            )

    def kill(self) -> None:
        """Kill -9 the postmaster, as the kernel's memory killer would; its children follow."""
        self.process.end(signal.SIGKILL, seconds=STOP_SECONDS)

    def restart(self) -> "Server":
        """Start it again on the same port and data, after `stop` or `kill`."""
        return start_postgres(
            self.data_dir, port=self.port, binaries=self.binaries, durable=self.durable
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


def start_postgres(
    data_dir: Path,
    *,
    port: int | None = None,
    binaries: Binaries | None = None,
    durable: bool = True,
) -> Server:
    """Start a server on `data_dir`, made when it is missing, and wait until it takes connections.

    port: when None the one it last had, if nobody listens there, else a free one.
    binaries: what the data was written by, else the machine's first.
    durable: a commit survives a crash; False is several times faster, for tests.
    Refuses when a server already runs on the directory: see `running_postgres`.
    """
    account = server_account()
    if running_postgres(data_dir) is not None:
        raise PenstockError(
            f"a PostgreSQL server already runs on {data_dir}", hint="stop it, or connect to it"
        )
    data_dir = claimed(data_dir.absolute(), usable_place(data_dir, account))
    binaries = enterable(binaries or _binaries_for(data_dir), data_dir, account)
    if not (data_dir / "PG_VERSION").exists():
        initialise(data_dir, binaries, account)
    return _start(data_dir, binaries, account, port=port, durable=durable)


def running_postgres(data_dir: Path) -> Server | None:
    """Return the server that runs on `data_dir`, whoever started it, or None."""
    data_dir = usable_place(data_dir, server_account())
    lines = pid_file(data_dir)
    if len(lines) < 8 or lines[7].strip() != "ready":
        return None
    process, port = ServerProcess(int(lines[0])), int(lines[3])
    # After a crash of the machine another process may have that number.
    if not process.is_alive() or not accepts(port):
        return None
    return Server(data_dir, _binaries_for(data_dir), port, process)


def _binaries_for(data_dir: Path) -> Binaries:
    """Choose the server: the data's own version, for PostgreSQL reads no other."""
    try:
        version = int((data_dir / "PG_VERSION").read_text())
    except FileNotFoundError:
        return choose_binaries()
    try:
        return choose_binaries(version)
    except PenstockError as error:
        raise PenstockError(
            f"the data in {data_dir} was written by PostgreSQL {version}: {error.primary}",
            hint=f"install PostgreSQL {version}, or move the directory away to begin anew",
        ) from None


def _start(
    data_dir: Path, binaries: Binaries, account: Account | None, *, port: int | None, durable: bool
) -> Server:
    """Start the postmaster and wait for it, trying again where that can help."""
    log = data_dir / "server.log"
    reached: Server | None = None

    def attempt() -> bool:
        nonlocal reached
        chosen = port or last_port(data_dir) or free_port()
        write_settings(data_dir, binaries, port=chosen, durable=durable)
        forget_zombie(data_dir)
        log.unlink(missing_ok=True)
        command = [binaries.program("postgres"), "-D", str(data_dir)]
        process = ServerProcess.start(command, account, log=log, env=environment())
        wait_until(
            lambda: not process.is_alive() or is_ready(data_dir, process.pid),
            seconds=START_SECONDS,
        )
        if process.is_alive() and is_ready(data_dir, process.pid):
            reached = Server(data_dir, binaries, chosen, process, durable)
            return True
        process.end(signal.SIGINT, seconds=STOP_SECONDS)
        return not _is_passing(last_lines(log, 20))

    wait_until(attempt, seconds=START_SECONDS)
    if reached is None:
        raise PenstockError(
            f"PostgreSQL {binaries.version} did not start on {data_dir}",
            detail=last_lines(log),
            hint=f"look at {log}",
        )
    return reached


def _is_passing(log: str) -> bool:
    """Tell whether a failed start may succeed a moment later.

    After kill -9 of the postmaster its children still hold the shared memory for a moment,
    and a free port may have been taken between looking and listening.
    """
    return "still in use" in log or "Address already in use" in log
