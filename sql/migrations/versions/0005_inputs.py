"""The base tables that maintained views read, and the pipeline each belongs to."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create inputs: one lock a pipeline, a pipeline for each connected part of the DAG."""
    op.execute("set local lock_timeout = '10s'")
    op.execute(
        """
        create table penstock.inputs (
            schema_name text not null,
            table_name text not null,
            pipeline integer not null,
            constraint inputs_pkey primary key (schema_name, table_name)
        );
        comment on table penstock.inputs is
            'Per base table that a maintained view reads: whose lock its writers take.';
        """
    )


def downgrade() -> None:
    """Drop inputs; triggers that stand keep their pipeline."""
    op.execute("set local lock_timeout = '10s'")
    op.execute("drop table penstock.inputs")
