"""Whom nobody has told yet of what he missed

Revision ID: 0011
Revises: 0010
Create Date: 2026-11-29 12:00:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade():
    # Who joined before this has had his box and his page: nobody is told of it afterwards.
    op.add_column('receipt', sa.Column('unheard', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index(
        'ix_receipt_unheard', 'receipt', ['person_id'], unique=False,
        sqlite_where=sa.text('unheard = 1'), postgresql_where=sa.text('unheard'),
    )


def downgrade():
    op.drop_index('ix_receipt_unheard', table_name='receipt')
    with op.batch_alter_table('receipt', schema=None) as batch_op:
        batch_op.drop_column('unheard')
