"""Where the rows of an input are held, so that functions in the database can put some there."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the two tables of each input: partitions that come and go are told through them."""
    op.execute("set local lock_timeout = '10s'")
    op.execute(
        """
        alter table penstock.inputs
            add column held_new text not null default '',
            add column held_old text not null default '';
        comment on column penstock.inputs.held_new is
            'The table that holds rows which came and are not told yet, quoted and qualified.';
        comment on column penstock.inputs.held_old is
            'The table that holds rows which went and are not told yet, quoted and qualified.';
        """
    )


def downgrade() -> None:
    """Forget the names."""
    op.execute("set local lock_timeout = '10s'")
    op.execute("alter table penstock.inputs drop column held_new, drop column held_old")
