"""What lists of announcements are read by, and which stores have numbers of their own

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-25 07:00:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade():
    # No version with announcements was released before this one, so there is nothing to be decided anew.
    with op.batch_alter_table('announcement_reach', schema=None) as batch_op:
        batch_op.add_column(sa.Column('alone', sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table('entry', schema=None) as batch_op:
        batch_op.create_index('ix_entry_kind', ['kind', 'published_at', 'id'], unique=False)
    with op.batch_alter_table('receipt', schema=None) as batch_op:
        batch_op.drop_index('ix_receipt_waiting')
        # SQLite compares this with the condition of a statement word by word: "waits" alone fits none.
        batch_op.create_index('ix_receipt_waiting', ['person_id'], unique=False, sqlite_where=sa.text('waits = 1'), postgresql_where=sa.text('waits'))


def downgrade():
    with op.batch_alter_table('receipt', schema=None) as batch_op:
        batch_op.drop_index('ix_receipt_waiting')
        batch_op.create_index('ix_receipt_waiting', ['person_id'], unique=False, sqlite_where=sa.text('waits'), postgresql_where=sa.text('waits'))
    with op.batch_alter_table('entry', schema=None) as batch_op:
        batch_op.drop_index('ix_entry_kind')
    with op.batch_alter_table('announcement_reach', schema=None) as batch_op:
        batch_op.drop_column('alone')
