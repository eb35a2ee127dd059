"""Which topics land in which tables."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create subscriptions; a source model writes its row, a running connector reads it."""
    op.execute("set local lock_timeout = '10s'")
    op.execute(
        """
        create table penstock.subscriptions (
            topic text not null,
            landing_schema text not null,
            landing_table text not null,
            format text not null,
            options jsonb not null default '{}',
            constraint subscriptions_pkey primary key (topic),
            constraint subscriptions_landing_key unique (landing_schema, landing_table)
        );
        comment on table penstock.subscriptions is
            'Per topic: the table its messages land in. Written by source models.';
        """
    )


def downgrade() -> None:
    """Drop subscriptions; the source models write theirs again at the next dbt run."""
    op.execute("set local lock_timeout = '10s'")
    op.execute("drop table penstock.subscriptions")
