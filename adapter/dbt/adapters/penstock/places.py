"""Lines of a model's file, found again from lines of its compiled SQL."""

import re
from collections.abc import Mapping
from typing import Any


def in_source(detail: str, model: Mapping[str, Any], compiled: str) -> str:
    r"""Rewrite `path:line` of the compiled SQL as `path:line` of the file that was written.

    A config block or a macro of many lines moves what follows it. Where the line is not in the
    file, or is there twice, a macro may have written it: then the compiled SQL's is named.

    >>> model = {"original_file_path": "m.sql", "raw_code": "{{ config(\n) }}\nselect now()"}
    >>> in_source("m.sql:2   now()", model, "\nselect now()")
    'm.sql:3   now()'
    """
    path = model["original_file_path"]
    found = re.match(rf"{re.escape(path)}:(\d+)", detail)
    if found is None:
        return detail
    line = int(found[1])
    wanted = compiled.splitlines()[line - 1].strip()
    written = [text.strip() for text in str(model["raw_code"]).splitlines()]
    rest = detail[found.end() :]
    if written.count(wanted) == 1:
        return f"{path}:{written.index(wanted) + 1}{rest}"
    return f"{path} (line {line} of the compiled SQL){rest}"
