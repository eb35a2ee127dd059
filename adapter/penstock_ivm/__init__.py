"""Incremental view maintenance compiled to plain PostgreSQL."""

from penstock_ivm.catalog import suspension
from penstock_ivm.compiler import deploy, drop, drop_unread, plan_view, repair, verify
from penstock_ivm.errors import Unmaintainable
from penstock_ivm.explain import Explained, explain, explain_plan
from penstock_ivm.model import Difference, Index, Outcome, View
from penstock_ivm.session import PsycopgSession, Session

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
