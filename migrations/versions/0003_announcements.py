"""Announcements, who has heard them, and who was away

Revision ID: 0003
Revises: 0002
Create Date: 2026-11-25 03:31:57.615691

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('absence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('noted_by_id', sa.Integer(), nullable=True),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('vacation', 'sick', 'leave')", name=op.f('ck_absence_kind')),
    sa.CheckConstraint('ends_on >= starts_on', name=op.f('ck_absence_days')),
    sa.ForeignKeyConstraint(['noted_by_id'], ['person.id'], name=op.f('fk_absence_noted_by_id_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_absence_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_absence'))
    )
    with op.batch_alter_table('absence', schema=None) as batch_op:
        batch_op.create_index('ix_absence_person', ['person_id', 'ends_on'], unique=False)

    op.create_table('announcement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('importance', sa.String(length=10), nullable=False),
    sa.Column('publish_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('valid_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('asks_from', sa.Integer(), nullable=False),
    sa.Column('question', sa.String(length=300), nullable=False),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('passage', sa.String(length=300), nullable=False),
    sa.Column('words', sa.Integer(), nullable=False),
    sa.CheckConstraint("importance IN ('ordinary', 'mandatory', 'urgent')", name=op.f('ck_announcement_importance')),
    sa.ForeignKeyConstraint(['id'], ['entry.id'], name=op.f('fk_announcement_id_entry')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_announcement'))
    )
    with op.batch_alter_table('announcement', schema=None) as batch_op:
        batch_op.create_index('ix_announcement_publish', ['publish_at'], unique=False, sqlite_where=sa.text('publish_at IS NOT NULL'), postgresql_where=sa.text('publish_at IS NOT NULL'))

    op.create_table('announcement_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('announcement_id', sa.Integer(), nullable=True),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('content_type', sa.String(length=100), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['announcement_id'], ['announcement.id'], name=op.f('fk_announcement_file_announcement_id_announcement')),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_announcement_file_owner_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_announcement_file')),
    sa.UniqueConstraint('key', name=op.f('uq_announcement_file_key'))
    )
    with op.batch_alter_table('announcement_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_announcement_file_announcement_id'), ['announcement_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_announcement_file_owner_id'), ['owner_id'], unique=False)

    op.create_table('announcement_reach',
    sa.Column('announcement_id', sa.Integer(), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('audience', sa.Integer(), nullable=False),
    sa.Column('late', sa.Integer(), nullable=False),
    sa.Column('absent', sa.Integer(), nullable=False),
    sa.Column('told_only', sa.Integer(), nullable=False),
    sa.Column('opened', sa.Integer(), nullable=False),
    sa.Column('read', sa.Integer(), nullable=False),
    sa.Column('confirmed', sa.Integer(), nullable=False),
    sa.Column('understood', sa.Integer(), nullable=False),
    sa.Column('read72', sa.Integer(), nullable=False),
    sa.Column('directors', sa.Integer(), nullable=False),
    sa.Column('directors_read', sa.Integer(), nullable=False),
    sa.Column('directors_read72', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['announcement_id'], ['announcement.id'], name=op.f('fk_announcement_reach_announcement_id_announcement')),
    sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_announcement_reach_store_id_store')),
    sa.PrimaryKeyConstraint('announcement_id', 'store_id', name=op.f('pk_announcement_reach'))
    )
    with op.batch_alter_table('announcement_reach', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_announcement_reach_store_id'), ['store_id'], unique=False)

    op.create_table('announcement_version',
    sa.Column('announcement_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('body_html', sa.Text(), nullable=False),
    sa.Column('question', sa.String(length=300), nullable=False),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('asked', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['announcement_id'], ['announcement.id'], name=op.f('fk_announcement_version_announcement_id_announcement')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_announcement_version_by_id_person')),
    sa.PrimaryKeyConstraint('announcement_id', 'number', name=op.f('pk_announcement_version'))
    )
    op.create_table('briefing',
    sa.Column('announcement_id', sa.Integer(), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['announcement_id'], ['announcement.id'], name=op.f('fk_briefing_announcement_id_announcement')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_briefing_by_id_person')),
    sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_briefing_store_id_store')),
    sa.PrimaryKeyConstraint('announcement_id', 'store_id', name=op.f('pk_briefing'))
    )
    op.create_table('receipt',
    sa.Column('announcement_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('leads', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('late', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('absent', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('waits', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('seconds', sa.Integer(), server_default='0', nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmed_version', sa.Integer(), nullable=True),
    sa.Column('understood_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('wrong_answers', sa.Integer(), server_default='0', nullable=False),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['announcement_id'], ['announcement.id'], name=op.f('fk_receipt_announcement_id_announcement')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_receipt_person_id_person')),
    sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_receipt_store_id_store')),
    sa.PrimaryKeyConstraint('announcement_id', 'person_id', name=op.f('pk_receipt'))
    )
    with op.batch_alter_table('receipt', schema=None) as batch_op:
        batch_op.create_index('ix_receipt_person', ['person_id', 'announcement_id'], unique=False)
        batch_op.create_index('ix_receipt_store', ['announcement_id', 'store_id', 'read_at'], unique=False)
        batch_op.create_index('ix_receipt_waiting', ['person_id'], unique=False, sqlite_where=sa.text('waits'), postgresql_where=sa.text('waits'))

    op.create_table('briefing_person',
    sa.Column('announcement_id', sa.Integer(), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['announcement_id', 'store_id'], ['briefing.announcement_id', 'briefing.store_id'], name=op.f('fk_briefing_person_announcement_id_store_id_briefing'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_briefing_person_person_id_person')),
    sa.PrimaryKeyConstraint('announcement_id', 'store_id', 'person_id', name=op.f('pk_briefing_person'))
    )
    with op.batch_alter_table('briefing_person', schema=None) as batch_op:
        batch_op.create_index('ix_briefing_person_person', ['person_id'], unique=False)



def downgrade():
    # What the portal before this knows no kind for stays readable as a post.
    op.execute("UPDATE entry SET kind = 'post' WHERE kind = 'announcement'")
    with op.batch_alter_table('briefing_person', schema=None) as batch_op:
        batch_op.drop_index('ix_briefing_person_person')

    op.drop_table('briefing_person')
    with op.batch_alter_table('receipt', schema=None) as batch_op:
        batch_op.drop_index('ix_receipt_waiting', sqlite_where=sa.text('waits'), postgresql_where=sa.text('waits'))
        batch_op.drop_index('ix_receipt_store')
        batch_op.drop_index('ix_receipt_person')

    op.drop_table('receipt')
    op.drop_table('briefing')
    op.drop_table('announcement_version')
    with op.batch_alter_table('announcement_reach', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_announcement_reach_store_id'))

    op.drop_table('announcement_reach')
    with op.batch_alter_table('announcement_file', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_announcement_file_owner_id'))
        batch_op.drop_index(batch_op.f('ix_announcement_file_announcement_id'))

    op.drop_table('announcement_file')
    with op.batch_alter_table('announcement', schema=None) as batch_op:
        batch_op.drop_index('ix_announcement_publish', sqlite_where=sa.text('publish_at IS NOT NULL'), postgresql_where=sa.text('publish_at IS NOT NULL'))

    op.drop_table('announcement')
    with op.batch_alter_table('absence', schema=None) as batch_op:
        batch_op.drop_index('ix_absence_person')

    op.drop_table('absence')
