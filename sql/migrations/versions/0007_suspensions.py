"""The maintained views that stopped at a change they could not take."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create suspensions."""
    op.execute("set local lock_timeout = '10s'")
    op.execute(
        """
        create table penstock.suspensions (
            schema_name text not null,
            view_name text not null,
            suspended_at timestamptz not null default clock_timestamp(),
            sqlstate text not null,
            message text not null,
            detail text not null,
            constraint suspensions_pkey primary key (schema_name, view_name),
            constraint suspensions_view_fkey foreign key (schema_name, view_name)
                references penstock.views on delete cascade
        );
        comment on table penstock.suspensions is
            'Per view with on_error: suspend that could not take a change: when, why, which row.';
        """
    )


def downgrade() -> None:
    """Drop suspensions; views that are suspended go on, and must be repaired."""
    op.execute("set local lock_timeout = '10s'")
    op.execute("drop table penstock.suspensions")
