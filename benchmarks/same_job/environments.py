"""Where the peers live: an environment of its own for each, made once, and Flink's connectors."""

import shutil
import subprocess
from pathlib import Path

from benchmarks.stack import BIN, ROOT
from penstock.errors import PenstockError
from penstock.services.jars import find_java

PLACE = ROOT / ".penstock" / "benchmarks"
POM = Path(__file__).with_name("pom.xml")


def python_with(name: str, requirement: str) -> Path:
    """Return the Python of environment `name`, made when it is missing or holds another version."""
    home = PLACE / name
    # The last thing that is written, so that half an environment is made anew.
    stamp = home / "installed"
    python = home / "bin" / "python"
    if not (stamp.exists() and stamp.read_text() == requirement):
        print(f"  installing {requirement} (a minute or two, once)")
        shutil.rmtree(home, ignore_errors=True)
        uv = str(BIN / "uv")
        _run([uv, "venv", "--quiet", "--python", str(BIN / "python"), str(home)])
        _run([uv, "pip", "install", "--quiet", "--python", str(python), requirement])
        stamp.write_text(requirement)
    return python


def flink_connectors() -> list[Path]:
    """Return the jars of Flink's connectors, fetched by Maven when they are missing."""
    find_java()
    place = PLACE / "flink-jars"
    stamp = place / "pom.xml"
    if not (stamp.exists() and stamp.read_bytes() == POM.read_bytes()):
        maven = shutil.which("mvn")
        if maven is None:
            raise PenstockError(
                "Maven is missing, which fetches Flink's connectors",
                hint="install Maven (`mvn`)",
            )
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        goal = ["dependency:copy-dependencies", "-DincludeScope=runtime"]
        _run([maven, "-q", "-B", "-f", str(POM), *goal, f"-DoutputDirectory={place}"])
        stamp.write_bytes(POM.read_bytes())
    return sorted(place.glob("*.jar"))


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        words = (done.stdout + done.stderr).strip().splitlines()[:8]
        raise PenstockError(
            f"{Path(command[0]).name} could not install what the benchmark compares with",
            detail="\n".join(words),
            hint="check the network",
        )
