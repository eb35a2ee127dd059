"""Testing models and the engine: real services, rows, and `assert_maintained`.

Pytest fixtures are in `penstock.testing.services`; what is here needs a connection only.
"""

from penstock.testing.maintained import (
    NotMaintained,
    assert_all_maintained,
    assert_maintained,
    load_rows,
)
from penstock.testing.models import run_models

__all__ = [
    "NotMaintained",
    "assert_all_maintained",
    "assert_maintained",
    "load_rows",
    "run_models",
]
