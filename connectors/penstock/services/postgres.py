"""A PostgreSQL server of our own: made, started, stopped, killed, found again.

It listens on 127.0.0.1 only and has no Unix socket, for socket paths end at 107 bytes and a
project may live anywhere. Connections are trusted, as on a developer's machine: whoever may log
in to this machine may log in to this server. A shared machine wants a database of its own,
named by PENSTOCK_DATABASE_URL.
"""

import hashlib
import os
import re
import shutil
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from penstock.errors import PenstockError
from penstock.services.binaries import Binaries, choose_binaries, copied_to
from penstock.services.process import (
    Account,
    ServerProcess,
    accepts,
    can_enter,
    environment,
    free_port,
    is_zombie,
    last_lines,
    run_tool,
    server_account,
    wait_until,
)

SUPERUSER = "postgres"
START_SECONDS = 60.0  # crash recovery included
STOP_SECONDS = 60.0  # the shutdown checkpoint included
SETTINGS_FILE = "penstock.conf"
RELOCATED = Path("/var/lib/penstock")

# For two cores and triggers that run many short statements.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "shared_buffers": "512MB",
    "wal_buffers": "16MB",
    "effective_cache_size": "2GB",
    "work_mem": "32MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    "max_wal_size": "4GB",
    "min_wal_size": "256MB",
    "checkpoint_timeout": "15min",
    # State tables are small and change all the time; a minute between visits is too long.
    "autovacuum_naptime": "5s",
    "autovacuum_vacuum_cost_limit": "2000",
    # Compiling a trigger's statement takes longer than running it.
    "jit": "off",
    "max_locks_per_transaction": "256",
    "log_checkpoints": "off",
}
# Only for tests that do not test crashes: a crash loses data.
FRAGILE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


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
    data_dir = usable_place(data_dir, account)
    if running_postgres(data_dir) is not None:
        raise PenstockError(
            f"a PostgreSQL server already runs on {data_dir}", hint="stop it, or connect to it"
        )
    binaries = _enterable(binaries or _binaries_for(data_dir), data_dir, account)
    if not (data_dir / "PG_VERSION").exists():
        _initialise(data_dir, binaries, account)
    return _start(data_dir, binaries, account, port=port, durable=durable)


def running_postgres(data_dir: Path) -> Server | None:
    """Return the server that runs on `data_dir`, whoever started it, or None."""
    data_dir = usable_place(data_dir, server_account())
    lines = _pid_file(data_dir)
    if len(lines) < 8 or lines[7].strip() != "ready":
        return None
    process, port = ServerProcess(int(lines[0])), int(lines[3])
    # After a crash of the machine another process may have that number.
    if not process.is_alive() or not accepts(port):
        return None
    return Server(data_dir, _binaries_for(data_dir), port, process)


def remove_postgres(data_dir: Path) -> None:
    """Delete a stopped server's data, wherever `usable_place` put it."""
    shutil.rmtree(usable_place(data_dir, server_account()), ignore_errors=True)


def usable_place(data_dir: Path, account: Account | None) -> Path:
    """Return `data_dir`, or a place below /var/lib/penstock where its user cannot enter it.

    As root the server runs as another user, who cannot reach a project below /root. Opening
    the project's parents to everybody is not ours to do, so the data moves instead. The name
    there is derived from the path, so each project finds its own again.
    """
    data_dir = data_dir.absolute()
    if can_enter(account, data_dir):
        return data_dir
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    return RELOCATED / f"{data_dir.name}-{digest}"


def _enterable(binaries: Binaries, data_dir: Path, account: Account | None) -> Binaries:
    """Copy binaries that the server's user cannot reach (a wheel's, below /root)."""
    if can_enter(account, binaries.bin_dir) or binaries.origin != "wheel":
        return binaries
    place = RELOCATED if data_dir.is_relative_to(RELOCATED) else data_dir.parent
    if not can_enter(account, place):
        place = RELOCATED
    place.mkdir(parents=True, exist_ok=True)
    return copied_to(binaries, place)


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


def _initialise(data_dir: Path, binaries: Binaries, account: Account | None) -> None:
    """Make the cluster beside its place, then rename: an interrupted initdb leaves nothing."""
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    partial = data_dir.with_name(f"{data_dir.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o700)
    if account is not None:
        os.chown(partial, account.uid, account.gid)
    run_tool(
        [
            binaries.program("initdb"),
            *("-D", str(partial), "-U", SUPERUSER, "-A", "trust"),
            *("--no-sync", "--no-locale", "-E", "UTF8"),
        ],
        account,
        what=f"initdb of PostgreSQL {binaries.version}",
    )
    with (partial / "postgresql.conf").open("a") as config:
        config.write(
            f"\n# {SETTINGS_FILE} is rewritten at every start; local.conf is yours and wins.\n"
            f"include_if_exists = '{SETTINGS_FILE}'\ninclude_if_exists = 'local.conf'\n"
        )
    if data_dir.exists() and not any(data_dir.iterdir()):
        data_dir.rmdir()
    partial.rename(data_dir)


def _write_settings(data_dir: Path, *, port: int, durable: bool) -> None:
    settings = {"port": str(port)} | SETTINGS | ({} if durable else FRAGILE)
    lines = [f"{name} = '{value}'\n" for name, value in settings.items()]
    (data_dir / SETTINGS_FILE).write_text("".join(lines))


def _last_port(data_dir: Path) -> int | None:
    """Read the port of the last start, so that a user's connection settings stay valid."""
    with suppress(OSError):
        match = re.search(r"^port = '(\d+)'", (data_dir / SETTINGS_FILE).read_text(), re.MULTILINE)
        if match and not accepts(int(match.group(1))):
            return int(match.group(1))
    return None


def _start(
    data_dir: Path, binaries: Binaries, account: Account | None, *, port: int | None, durable: bool
) -> Server:
    """Start the postmaster and wait for it, trying again where that can help."""
    log = data_dir / "server.log"
    reached: Server | None = None

    def attempt() -> bool:
        nonlocal reached
        chosen = port or _last_port(data_dir) or free_port()
        _write_settings(data_dir, port=chosen, durable=durable)
        _forget_zombie(data_dir)
        log.unlink(missing_ok=True)
        command = [binaries.program("postgres"), "-D", str(data_dir)]
        process = ServerProcess.start(command, account, log=log, env=environment())
        wait_until(
            lambda: not process.is_alive() or _is_ready(data_dir, process.pid),
            seconds=START_SECONDS,
        )
        if process.is_alive() and _is_ready(data_dir, process.pid):
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


def _pid_file(data_dir: Path) -> list[str]:
    """Read postmaster.pid: line 1 pid, 4 port, 8 status. Empty while there is none."""
    with suppress(OSError):
        return (data_dir / "postmaster.pid").read_text().splitlines()
    return []


def _forget_zombie(data_dir: Path) -> None:
    """Remove the pid file of a killed postmaster that nobody reaped, as in a container.

    Its number still answers signals, and PostgreSQL would take it for a living one. Children
    that outlive it are found by the shared memory they hold, not by this file.
    """
    lines = _pid_file(data_dir)
    if lines and lines[0].strip().isdigit() and is_zombie(int(lines[0])):
        (data_dir / "postmaster.pid").unlink(missing_ok=True)


def _is_ready(data_dir: Path, pid: int) -> bool:
    lines = _pid_file(data_dir)
    return len(lines) >= 8 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"
