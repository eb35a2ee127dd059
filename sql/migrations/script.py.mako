"""${message}."""

from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Say what appears."""
    op.execute("set local lock_timeout = '10s'")
    ${upgrades if upgrades else "op.execute(\"\")"}


def downgrade() -> None:
    """Say what goes, and what is lost with it."""
    op.execute("set local lock_timeout = '10s'")
    ${downgrades if downgrades else "op.execute(\"\")"}
