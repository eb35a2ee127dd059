"""Where each topic's partitions are read up to."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create source_offsets; a row advances in the transaction that lands the messages."""
    op.execute("set local lock_timeout = '10s'")
    op.execute(
        """
        create table penstock.source_offsets (
            topic text not null,
            partition int not null,
            next_offset bigint not null,
            updated_at timestamptz not null default now(),
            constraint source_offsets_pkey primary key (topic, partition),
            constraint source_offsets_next_offset_check check (next_offset >= 0)
        );
        comment on table penstock.source_offsets is
            'Per topic and partition: the offset to read next. Messages below it are in.';
        """
    )


def downgrade() -> None:
    """Drop source_offsets; what was landed would be read again from the beginning."""
    op.execute("set local lock_timeout = '10s'")
    op.execute("drop table penstock.source_offsets")
