"""A PostgreSQL server's directory on disk: where it is, what is in it, how it is set up."""

import hashlib
import locale
import os
import re
import shutil
from contextlib import suppress
from pathlib import Path

from penstock.services.binaries import Binaries, copied_to
from penstock.services.process import (
    Account,
    accepts,
    can_enter,
    is_zombie,
    run_tool,
    server_account,
)

SUPERUSER = "postgres"
SETTINGS_FILE = "penstock.conf"
RELOCATED = Path("/var/lib/penstock")

# For two cores and triggers that run many short statements.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "wal_buffers": "16MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    # A page is written whole after each checkpoint: at 50 MB of WAL a second, 4 GB are soon full.
    "max_wal_size": "8GB",
    "min_wal_size": "256MB",
    "checkpoint_timeout": "15min",
    # State tables are small and change all the time; a minute between visits is too long. But a
    # visit that hurries takes a core that writers need.
    "autovacuum_naptime": "10s",
    "autovacuum_vacuum_cost_limit": "400",
    # Compiling a trigger's statement takes longer than running it.
    "jit": "off",
    "max_locks_per_transaction": "256",
    "log_checkpoints": "off",
}
SHARED_BUFFERS_MB = 128, 4096  # at least, at most
# A page that is written whole takes less than half.
COMPRESSED_WAL = {"wal_compression": "lz4"}
# Only for tests that do not test crashes: a crash loses data. Each database that is dropped has
# all of the pages searched for its own, and what is in memory has no room for much WAL.
FRAGILE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": f"{SHARED_BUFFERS_MB[0]}MB",
    "max_wal_size": "512MB",
    "min_wal_size": "64MB",
}


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


def claimed(wanted: Path, place: Path) -> Path:
    """Leave a note at `wanted` when the data lives elsewhere, and return where it lives.

    A place without its note belongs to a project whose folder was deleted: it goes, so that
    deleting .penstock/ means the same for root as for everybody.
    """
    note = wanted / "MOVED"
    if place != wanted and not note.exists():
        shutil.rmtree(place, ignore_errors=True)
        wanted.mkdir(parents=True, exist_ok=True)
        note.write_text(f"The server's user cannot enter this directory; its data is in\n{place}\n")
    return place


def enterable(binaries: Binaries, data_dir: Path, account: Account | None) -> Binaries:
    """Copy binaries that the server's user cannot reach (a wheel's, below /root)."""
    if can_enter(account, binaries.bin_dir) or binaries.origin != "wheel":
        return binaries
    place = RELOCATED if data_dir.is_relative_to(RELOCATED) else data_dir.parent
    if not can_enter(account, place):
        place = RELOCATED
    place.mkdir(parents=True, exist_ok=True)
    return copied_to(binaries, place)


def remove_postgres(data_dir: Path) -> None:
    """Delete a stopped server's data, wherever `usable_place` put it."""
    for place in {data_dir, usable_place(data_dir, server_account())}:
        shutil.rmtree(place, ignore_errors=True)


def initialise(data_dir: Path, binaries: Binaries, account: Account | None) -> None:
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
            *("--no-sync", "--no-locale", "-E", "UTF8", f"--lc-ctype={letters()}"),
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


def letters() -> str:
    """Name a locale by which `lower` knows letters beyond ASCII. Text is ordered by its bytes."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "en_US.UTF-8"):
            with suppress(locale.Error):
                locale.setlocale(locale.LC_CTYPE, name)
                return name
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def write_settings(data_dir: Path, binaries: Binaries, *, port: int, durable: bool) -> None:
    """Write the settings of this start; `local.conf` beside them is never touched."""
    settings = {"port": str(port)} | SETTINGS | _memory()
    settings |= COMPRESSED_WAL if binaries.compresses_wal() else {}
    settings |= {} if durable else FRAGILE
    lines = [f"{name} = '{value}'\n" for name, value in settings.items()]
    (data_dir / SETTINGS_FILE).write_text("".join(lines))


def _memory() -> dict[str, str]:
    """An eighth of the machine's memory for pages: lookups are random, and meet all of an index."""
    physical = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 20
    least, most = SHARED_BUFFERS_MB
    return {
        "shared_buffers": f"{min(most, max(least, physical // 8))}MB",
        "effective_cache_size": f"{max(least, physical // 2)}MB",
    }


def last_port(data_dir: Path) -> int | None:
    """Read the port of the last start, so that a user's connection settings stay valid."""
    with suppress(OSError):
        match = re.search(r"^port = '(\d+)'", (data_dir / SETTINGS_FILE).read_text(), re.MULTILINE)
        if match and not accepts(int(match.group(1))):
            return int(match.group(1))
    return None


def pid_file(data_dir: Path) -> list[str]:
    """Read postmaster.pid: line 1 pid, 4 port, 8 status. Empty while there is none."""
    with suppress(OSError):
        return (data_dir / "postmaster.pid").read_text().splitlines()
    return []


def forget_zombie(data_dir: Path) -> None:
    """Remove the pid file of a killed postmaster that nobody reaped, as in a container.

    Its number still answers signals, and PostgreSQL would take it for a living one. Children
    that outlive it are found by the shared memory they hold, not by this file.
    """
    lines = pid_file(data_dir)
    if lines and lines[0].strip().isdigit() and is_zombie(int(lines[0])):
        (data_dir / "postmaster.pid").unlink(missing_ok=True)


def is_ready(data_dir: Path, pid: int) -> bool:
    """Tell whether the postmaster `pid` says that it takes connections."""
    lines = pid_file(data_dir)
    return len(lines) >= 8 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"
