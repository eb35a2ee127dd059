"""Server processes: the user they run as, their port, and whether they still live."""

import os
import pwd
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from penstock.errors import PenstockError

POLL_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Account:
    """An operating-system user that a server runs as."""

    name: str
    uid: int
    gid: int


def server_account() -> Account | None:
    """Name the user to drop to, or None where we are not root and stay who we are.

    PostgreSQL refuses to run as root. `postgres` exists where a distribution's server is
    installed; `nobody` exists everywhere else.
    """
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise PenstockError(
        "PostgreSQL does not run as root, and there is no user `postgres` or `nobody` to run it as",
        hint="run the command as an ordinary user",
    )


def run_as(account: Account | None) -> dict[str, Any]:
    """Arguments for `subprocess` that drop to `account`; none when there is none."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def can_enter(account: Account | None, directory: Path) -> bool:
    """Tell whether `account` can reach `directory`: search permission on it and all above it.

    Looks at mode bits only, so an access-control list may say otherwise; then we are too strict.
    """
    if account is None:
        return True
    directory = directory.resolve()
    for place in (directory, *directory.parents):
        try:
            info = place.stat()
        except FileNotFoundError:
            continue
        if info.st_uid == account.uid:
            needed = stat.S_IXUSR
        elif info.st_gid == account.gid:
            needed = stat.S_IXGRP
        else:
            needed = stat.S_IXOTH
        if not info.st_mode & needed:
            return False
    return True


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nobody listens on now.

    Another process can take it before its user does: callers try again.
    """
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@dataclass(frozen=True, slots=True)
class ServerProcess:
    """A server's main process: our child, or one that an earlier command started."""

    pid: int
    child: subprocess.Popen[bytes] | None = None

    @classmethod
    def start(
        cls, command: list[str], account: Account | None, *, log: Path, env: dict[str, str]
    ) -> Self:
        """Start `command` in a session of its own, so that it outlives us and our Ctrl-C."""
        with log.open("ab") as output:
            child = subprocess.Popen(  # noqa: S603
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                cwd="/",
                env=env,
                **run_as(account),
            )
        return cls(child.pid, child)

    def is_alive(self) -> bool:
        """Tell whether it runs; a child that has ended is reaped."""
        if self.child is not None:
            return self.child.poll() is None
        return pid_is_alive(self.pid)

    def end(self, sign: signal.Signals, *, seconds: float) -> bool:
        """Send `sign` and wait until it is gone; False when it outlives the deadline."""
        with suppress(ProcessLookupError):
            if self.is_alive():
                os.kill(self.pid, sign)
        return wait_until(lambda: not self.is_alive(), seconds=seconds)


def pid_is_alive(pid: int) -> bool:
    """Tell whether a process that need not be ours runs; one that nobody reaped does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not is_zombie(pid)


def wait_until(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Poll `condition` until it holds (True) or `seconds` are over (False)."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def accepts(port: int) -> bool:
    """Tell whether somebody listens on a port of 127.0.0.1."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def environment() -> dict[str, str]:
    """Give a server a plain environment: PG*, CLASSPATH and the like are for clients."""
    kept = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C"}
    if sys.platform == "darwin":
        kept["LC_ALL"] = "en_US.UTF-8"  # else the postmaster dies of becoming multithreaded
    return kept


def last_lines(log: Path, count: int = 5) -> str:
    """Return the end of a server's log, for an error's detail."""
    try:
        lines = log.read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return ""
    return "\n".join(lines[-count:])


def run_tool(command: list[str], account: Account | None, *, what: str, cwd: str = "/") -> str:
    """Run a short tool as `account` and return what it printed; `what` names it in the error."""
    done = subprocess.run(  # noqa: S603
        command, capture_output=True, text=True, check=False, cwd=cwd, **run_as(account)
    )
    if done.returncode != 0:
        words = (done.stderr or done.stdout).strip()
        raise PenstockError(f"{what} failed with exit status {done.returncode}", detail=words)
    return str(done.stdout)


def is_zombie(pid: int) -> bool:
    """Tell whether a process has ended and waits for its parent (Linux; elsewhere: no)."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] == "Z"
