"""Put `adapter` first on the path of an editable install.

`dbt` is shared between distributions (pkgutil.extend_path), but dbt-materialize overwrites dbt's
own `__init__.py` with one that does not look further. Found first, ours does. A wheel's files lie
beside dbt's and need none of this.
"""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):
    """Add a .pth file, which Python runs as it starts."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it builds a wheel. version: "standard" or "editable"."""
        if version != "editable":
            return
        first = str(Path(self.root) / "adapter")
        file = Path(self.directory) / "penstock_first.pth"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"import sys; sys.path.insert(0, {first!r})\n")
        build_data["force_include_editable"][str(file)] = file.name
