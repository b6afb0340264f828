"""Tasks that a person checks

Revision ID: 0008
Revises: 0007
Create Date: 2026-11-29 03:10:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('lesson', schema=None) as batch_op:
        batch_op.add_column(sa.Column('criteria', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('wanted', sa.String(length=10), server_default='text', nullable=False))
        batch_op.create_check_constraint(batch_op.f('ck_lesson_wanted'), "wanted IN ('text', 'photos', 'both')")
    op.add_column('lesson_progress', sa.Column('handed_in_at', sa.DateTime(timezone=True), nullable=True))
    op.create_table('task_answer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('lesson_id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('body_html', sa.Text(), nullable=False),
    sa.Column('nonce', sa.String(length=40), nullable=True),
    sa.Column('handed_in_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.CheckConstraint("state IN ('waiting', 'accepted', 'sent_back')", name=op.f('ck_task_answer_state')),
    sa.CheckConstraint("state = 'waiting' OR decided_at IS NOT NULL", name=op.f('ck_task_answer_decided')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_task_answer_course_id_course')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_task_answer_decided_by_id_person')),
    sa.ForeignKeyConstraint(['lesson_id'], ['lesson.id'], name=op.f('fk_task_answer_lesson_id_lesson')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_task_answer_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_task_answer')),
    sa.UniqueConstraint('lesson_id', 'person_id', 'number', name=op.f('uq_task_answer_lesson_id_person_id_number')),
    sa.UniqueConstraint('person_id', 'nonce', name=op.f('uq_task_answer_person_id_nonce'))
    )
    with op.batch_alter_table('task_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_task_answer_course_id'), ['course_id'], unique=False)
        batch_op.create_index('ix_task_answer_open', ['lesson_id', 'person_id'], unique=True, sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
        batch_op.create_index('ix_task_answer_person', ['person_id', 'lesson_id'], unique=False)
        batch_op.create_index('ix_task_answer_waiting', ['handed_in_at', 'id'], unique=False, sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))

    op.create_table('task_photo',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('answer_id', sa.Integer(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('widths', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['answer_id'], ['task_answer.id'], name=op.f('fk_task_photo_answer_id_task_answer'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_task_photo_owner_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_task_photo')),
    sa.UniqueConstraint('key', name=op.f('uq_task_photo_key'))
    )
    with op.batch_alter_table('task_photo', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_task_photo_answer_id'), ['answer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_task_photo_owner_id'), ['owner_id'], unique=False)


def downgrade():
    with op.batch_alter_table('task_photo', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_task_photo_owner_id'))
        batch_op.drop_index(batch_op.f('ix_task_photo_answer_id'))

    op.drop_table('task_photo')
    with op.batch_alter_table('task_answer', schema=None) as batch_op:
        batch_op.drop_index('ix_task_answer_waiting', sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
        batch_op.drop_index('ix_task_answer_person')
        batch_op.drop_index('ix_task_answer_open', sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
        batch_op.drop_index(batch_op.f('ix_task_answer_course_id'))

    op.drop_table('task_answer')
    op.drop_column('lesson_progress', 'handed_in_at')
    with op.batch_alter_table('lesson', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_lesson_wanted'), type_='check')
        batch_op.drop_column('wanted')
        batch_op.drop_column('criteria')
