"""Where the time of maintenance and of the connector's batches goes, while somebody profiles."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create timings and timed_batches: unlogged, for they are of no use after a crash."""
    op.execute("set local lock_timeout = '10s'")
    op.execute(
        """
        create unlogged table penstock.timings (
            at timestamptz not null,
            backend integer not null,
            view_name text not null,
            function_name text not null,
            total bigint not null,
            self bigint not null,
            noting bigint not null
        );
        comment on table penstock.timings is
            'Per call of a trigger function in a session with penstock.timing on: microseconds in'
            ' all, without the functions it fired, and of noting the call before.';
        create unlogged table penstock.timed_batches (
            at timestamptz not null default clock_timestamp(),
            backend integer not null default pg_backend_pid(),
            events integer not null,
            bytes bigint not null,
            wal pg_lsn not null default pg_current_wal_insert_lsn(),
            phases jsonb not null
        );
        comment on table penstock.timed_batches is
            'Per batch of a connector while `penstock profile` watches: messages, their bytes,'
            ' where the WAL ended, microseconds by phase.';
        """
    )


def downgrade() -> None:
    """Drop both."""
    op.execute("set local lock_timeout = '10s'")
    op.execute("drop table penstock.timings, penstock.timed_batches")
