"""Notices, the choices about them, and what carries them out of the portal

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-25 02:55:26.741203

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('mention', schema=None) as batch_op:
        batch_op.add_column(sa.Column('told_at', sa.DateTime(timezone=True), nullable=True))

    op.create_table('portal_key',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_portal_key'))
    )
    op.create_table('schedule',
    sa.Column('task', sa.String(length=120), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('task', name=op.f('pk_schedule'))
    )
    op.create_table('channel_choice',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('channel', sa.String(length=10), nullable=False),
    sa.Column('wanted', sa.Boolean(), nullable=False),
    sa.CheckConstraint("channel IN ('mail', 'push')", name=op.f('ck_channel_choice_channel')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_channel_choice_person_id_person')),
    sa.PrimaryKeyConstraint('person_id', 'kind', 'channel', name=op.f('pk_channel_choice'))
    )
    op.create_table('delivery',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('channel', sa.String(length=10), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('carried', sa.Integer(), nullable=False),
    sa.CheckConstraint("channel IN ('mail', 'push')", name=op.f('ck_delivery_channel')),
    sa.CheckConstraint("kind IN ('gathered', 'urgent', 'digest')", name=op.f('ck_delivery_kind')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_delivery_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery'))
    )
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.create_index('ix_delivery_person', ['person_id', 'channel', 'done_at'], unique=False)
        batch_op.create_index('uq_delivery_planned', ['person_id', 'channel', 'kind'], unique=True, sqlite_where=sa.text('done_at IS NULL'), postgresql_where=sa.text('done_at IS NULL'))

    op.create_table('push_subscription',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('endpoint', sa.String(length=600), nullable=False),
    sa.Column('keys', sa.JSON(), nullable=False),
    sa.Column('device', sa.String(length=120), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('failed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_push_subscription_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_push_subscription')),
    sa.UniqueConstraint('endpoint', name=op.f('uq_push_subscription_endpoint'))
    )
    with op.batch_alter_table('push_subscription', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_push_subscription_person_id'), ['person_id'], unique=False)

    op.create_table('quiet_hours',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('starts', sa.Time(), nullable=False),
    sa.Column('ends', sa.Time(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_quiet_hours_person_id_person')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_quiet_hours'))
    )
    op.create_table('notice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('group_key', sa.String(length=120), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=True),
    sa.Column('path', sa.String(length=200), nullable=False),
    sa.Column('words', sa.String(length=200), nullable=False),
    sa.Column('urgent', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_notice_entry_id_entry')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_notice_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice'))
    )
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.create_index('ix_notice_entry', ['entry_id', 'person_id'], unique=False)
        batch_op.create_index('ix_notice_person', ['person_id', 'updated_at', 'id'], unique=False)
        batch_op.create_index('uq_notice_unseen', ['person_id', 'group_key'], unique=True, sqlite_where=sa.text('seen_at IS NULL'), postgresql_where=sa.text('seen_at IS NULL'))

    op.create_table('push_message',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subscription_id', sa.Integer(), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('handed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('error', sa.String(length=80), nullable=False),
    sa.ForeignKeyConstraint(['subscription_id'], ['push_subscription.id'], name=op.f('fk_push_message_subscription_id_push_subscription'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_push_message'))
    )
    with op.batch_alter_table('push_message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_push_message_subscription_id'), ['subscription_id'], unique=False)

    op.create_table('delivered_notice',
    sa.Column('delivery_id', sa.Integer(), nullable=False),
    sa.Column('notice_id', sa.Integer(), nullable=False),
    sa.Column('channel', sa.String(length=10), nullable=False),
    sa.Column('notice_updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['delivery_id'], ['delivery.id'], name=op.f('fk_delivered_notice_delivery_id_delivery'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['notice_id'], ['notice.id'], name=op.f('fk_delivered_notice_notice_id_notice'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('delivery_id', 'notice_id', name=op.f('pk_delivered_notice'))
    )
    with op.batch_alter_table('delivered_notice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_delivered_notice_notice_id'), ['notice_id'], unique=False)

    op.create_table('notice_actor',
    sa.Column('notice_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['notice_id'], ['notice.id'], name=op.f('fk_notice_actor_notice_id_notice'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_notice_actor_person_id_person')),
    sa.PrimaryKeyConstraint('notice_id', 'person_id', name=op.f('pk_notice_actor'))
    )
    with op.batch_alter_table('store', schema=None) as batch_op:
        batch_op.add_column(sa.Column('opens_at', sa.Time(), server_default='10:00:00', nullable=False))
        batch_op.add_column(sa.Column('closes_at', sa.Time(), server_default='20:00:00', nullable=False))



def downgrade():
    with op.batch_alter_table('mention', schema=None) as batch_op:
        batch_op.drop_column('told_at')

    with op.batch_alter_table('store', schema=None) as batch_op:
        batch_op.drop_column('closes_at')
        batch_op.drop_column('opens_at')

    op.drop_table('notice_actor')
    with op.batch_alter_table('delivered_notice', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_delivered_notice_notice_id'))

    op.drop_table('delivered_notice')
    with op.batch_alter_table('push_message', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_push_message_subscription_id'))

    op.drop_table('push_message')
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.drop_index('uq_notice_unseen', sqlite_where=sa.text('seen_at IS NULL'), postgresql_where=sa.text('seen_at IS NULL'))
        batch_op.drop_index('ix_notice_person')
        batch_op.drop_index('ix_notice_entry')

    op.drop_table('notice')
    op.drop_table('quiet_hours')
    with op.batch_alter_table('push_subscription', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_push_subscription_person_id'))

    op.drop_table('push_subscription')
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.drop_index('uq_delivery_planned', sqlite_where=sa.text('done_at IS NULL'), postgresql_where=sa.text('done_at IS NULL'))
        batch_op.drop_index('ix_delivery_person')

    op.drop_table('delivery')
    op.drop_table('channel_choice')
    op.drop_table('schedule')
    op.drop_table('portal_key')
