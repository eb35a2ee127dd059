"""Messages that nothing could be read from."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create dead_letters: raw bytes, place and reason, in the batch's own transaction."""
    op.execute("set local lock_timeout = '10s'")
    op.execute(
        """
        create table penstock.dead_letters (
            topic text not null,
            partition int not null,
            "offset" bigint not null,
            error text not null,
            payload bytea,
            key bytea,
            headers jsonb,
            kafka_timestamp timestamptz,
            received_at timestamptz not null default now(),
            constraint dead_letters_pkey primary key (topic, partition, "offset")
        );
        comment on table penstock.dead_letters is
            $$Messages that are no JSON object, or that jsonb cannot hold, and why.$$;
        """
    )


def downgrade() -> None:
    """Drop dead_letters, and with it the messages it keeps."""
    op.execute("set local lock_timeout = '10s'")
    op.execute("drop table penstock.dead_letters")
