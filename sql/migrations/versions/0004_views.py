"""The maintained views and what they were compiled from."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create views, the compiler's catalogue."""
    op.execute("set local lock_timeout = '10s'")
    op.execute(
        """
        create table penstock.views (
            schema_name text not null,
            view_name text not null,
            query text not null,
            fingerprint text not null,
            state_table text not null,
            definition jsonb not null,
            deployed_at timestamptz not null default now(),
            constraint views_pkey primary key (schema_name, view_name)
        );
        comment on table penstock.views is
            'Per maintained view: the SELECT it equals, and the state it is kept with.';
        """
    )


def downgrade() -> None:
    """Drop views; the views themselves stay, and can no longer be changed or verified."""
    op.execute("set local lock_timeout = '10s'")
    op.execute("drop table penstock.views")
