"""Incremental view maintenance compiled to plain PostgreSQL.

What loads sqlglot is loaded when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from penstock_ivm.catalog import suspension
from penstock_ivm.deploying import deploy, drop_unread
from penstock_ivm.errors import Unmaintainable
from penstock_ivm.model import Difference, Index, Outcome, View
from penstock_ivm.session import PsycopgSession, Session

if TYPE_CHECKING:
    from penstock_ivm.compiler import drop, plan_view, repair, verify
    from penstock_ivm.explaining import Explained, explain, explain_plan

__all__ = [
    "Difference",
    "Explained",
    "Index",
    "Outcome",
    "PsycopgSession",
    "Session",
    "Unmaintainable",
    "View",
    "deploy",
    "drop",
    "drop_unread",
    "explain",
    "explain_plan",
    "plan_view",
    "repair",
    "suspension",
    "verify",
]


def __getattr__(name: str) -> Any:
    if name in ("drop", "plan_view", "repair", "verify"):
        return getattr(import_module("penstock_ivm.compiler"), name)
    if name in ("Explained", "explain", "explain_plan"):
        return getattr(import_module("penstock_ivm.explaining"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
