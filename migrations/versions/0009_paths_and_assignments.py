"""Paths of courses, assignments with who is to learn what until when, and their log

Revision ID: 0009
Revises: 0008
Create Date: 2026-11-29 03:06:19.276793

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('path',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('audience_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('body_html', sa.Text(), nullable=False),
    sa.Column('in_order', sa.Boolean(), server_default=sa.true(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('nonce', sa.String(length=40), nullable=True),
    sa.ForeignKeyConstraint(['audience_id'], ['audience.id'], name=op.f('fk_path_audience_id_audience')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_path_author_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_path')),
    sa.UniqueConstraint('author_id', 'nonce', name=op.f('uq_path_author_id_nonce'))
    )
    with op.batch_alter_table('path', schema=None) as batch_op:
        batch_op.create_index('ix_path_audience', ['audience_id', 'published_at'], unique=False)

    op.create_table('path_completion',
    sa.Column('path_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('completed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['path_id'], ['path.id'], name=op.f('fk_path_completion_path_id_path')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_path_completion_person_id_person')),
    sa.PrimaryKeyConstraint('path_id', 'person_id', name=op.f('pk_path_completion'))
    )
    with op.batch_alter_table('path_completion', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_path_completion_person_id'), ['person_id'], unique=False)

    op.create_table('path_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('path_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('needed', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint('needed BETWEEN 0 AND 50', name=op.f('ck_path_step_needed')),
    sa.ForeignKeyConstraint(['path_id'], ['path.id'], name=op.f('fk_path_step_path_id_path')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_path_step'))
    )
    with op.batch_alter_table('path_step', schema=None) as batch_op:
        batch_op.create_index('ix_path_step_path', ['path_id', 'place'], unique=False)

    op.create_table('assignment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=True),
    sa.Column('path_id', sa.Integer(), nullable=True),
    sa.Column('audience_id', sa.Integer(), nullable=True),
    sa.Column('store_id', sa.Integer(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('due_days', sa.Integer(), nullable=True),
    sa.Column('due_from', sa.String(length=10), server_default='assigned', nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('filled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancelled_by_id', sa.Integer(), nullable=True),
    sa.Column('cancel_reason', sa.String(length=300), nullable=False),
    sa.Column('nonce', sa.String(length=40), nullable=True),
    sa.CheckConstraint("due_from IN ('assigned', 'hired')", name=op.f('ck_assignment_due_from')),
    sa.CheckConstraint('(course_id IS NULL) <> (path_id IS NULL)', name=op.f('ck_assignment_subject')),
    sa.CheckConstraint('(due_on IS NULL) <> (due_days IS NULL)', name=op.f('ck_assignment_due')),
    sa.CheckConstraint('due_days BETWEEN 1 AND 366', name=op.f('ck_assignment_due_days')),
    sa.ForeignKeyConstraint(['audience_id'], ['audience.id'], name=op.f('fk_assignment_audience_id_audience')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_assignment_author_id_person')),
    sa.ForeignKeyConstraint(['cancelled_by_id'], ['person.id'], name=op.f('fk_assignment_cancelled_by_id_person')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_assignment_course_id_course')),
    sa.ForeignKeyConstraint(['path_id'], ['path.id'], name=op.f('fk_assignment_path_id_path')),
    sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_assignment_store_id_store')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignment')),
    sa.UniqueConstraint('author_id', 'nonce', name=op.f('uq_assignment_author_id_nonce'))
    )
    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assignment_audience_id'), ['audience_id'], unique=False)
        batch_op.create_index('ix_assignment_cancelled', ['cancelled_at', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_assignment_course', ['course_id'], unique=False)
        batch_op.create_index('ix_assignment_path', ['path_id'], unique=False)
        batch_op.create_index('ix_assignment_store', ['store_id', 'id'], unique=False)

    op.create_table('path_course',
    sa.Column('path_id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('step_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_path_course_course_id_course')),
    sa.ForeignKeyConstraint(['path_id'], ['path.id'], name=op.f('fk_path_course_path_id_path')),
    sa.ForeignKeyConstraint(['step_id'], ['path_step.id'], name=op.f('fk_path_course_step_id_path_step')),
    sa.PrimaryKeyConstraint('path_id', 'course_id', name=op.f('pk_path_course'))
    )
    with op.batch_alter_table('path_course', schema=None) as batch_op:
        batch_op.create_index('ix_path_course_course', ['course_id', 'path_id'], unique=False)
        batch_op.create_index('ix_path_course_step', ['step_id'], unique=False)

    op.create_table('assignee',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assignment_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('assigned_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cause', sa.String(length=20), nullable=False),
    sa.Column('overdue_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('remind_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('stage', sa.Integer(), server_default='0', nullable=False),
    sa.Column('nudged_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('assigned', 'begun', 'done', 'withdrawn')", name=op.f('ck_assignee_state')),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_assignee_assignment_id_assignment')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_assignee_person_id_person')),
    sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_assignee_store_id_store')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignee')),
    sa.UniqueConstraint('assignment_id', 'person_id', name=op.f('uq_assignee_assignment_id_person_id'))
    )
    with op.batch_alter_table('assignee', schema=None) as batch_op:
        batch_op.create_index('ix_assignee_mark', ['due_at'], unique=False, sqlite_where=sa.text("overdue_at IS NULL AND state IN ('assigned', 'begun')"), postgresql_where=sa.text("overdue_at IS NULL AND state IN ('assigned', 'begun')"))
        batch_op.create_index('ix_assignee_person', ['person_id', 'state', 'due_at'], unique=False)
        batch_op.create_index('ix_assignee_remind', ['remind_at'], unique=False, sqlite_where=sa.text('remind_at IS NOT NULL'), postgresql_where=sa.text('remind_at IS NOT NULL'))
        batch_op.create_index('ix_assignee_store', ['assignment_id', 'store_id', 'state', 'overdue_at'], unique=False)
        batch_op.create_index('ix_assignee_team', ['store_id', 'state', 'due_at'], unique=False)

    op.create_table('assignment_count',
    sa.Column('assignment_id', sa.Integer(), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('people', sa.Integer(), server_default='0', nullable=False),
    sa.Column('begun', sa.Integer(), server_default='0', nullable=False),
    sa.Column('done', sa.Integer(), server_default='0', nullable=False),
    sa.Column('overdue', sa.Integer(), server_default='0', nullable=False),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_assignment_count_assignment_id_assignment')),
    sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_assignment_count_store_id_store')),
    sa.PrimaryKeyConstraint('assignment_id', 'store_id', name=op.f('pk_assignment_count'))
    )
    with op.batch_alter_table('assignment_count', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assignment_count_store_id'), ['store_id'], unique=False)

    op.create_table('assignment_name',
    sa.Column('assignment_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_assignment_name_assignment_id_assignment')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_assignment_name_person_id_person')),
    sa.PrimaryKeyConstraint('assignment_id', 'person_id', name=op.f('pk_assignment_name'))
    )
    with op.batch_alter_table('assignment_name', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assignment_name_person_id'), ['person_id'], unique=False)

    op.create_table('assignment_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('assignment_id', sa.Integer(), nullable=False),
    sa.Column('assignee_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('what', sa.String(length=20), nullable=False),
    sa.Column('cause', sa.String(length=20), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['actor_id'], ['person.id'], name=op.f('fk_assignment_event_actor_id_person')),
    sa.ForeignKeyConstraint(['assignee_id'], ['assignee.id'], name=op.f('fk_assignment_event_assignee_id_assignee')),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_assignment_event_assignment_id_assignment')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_assignment_event_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignment_event'))
    )
    with op.batch_alter_table('assignment_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assignment_event_assignee_id'), ['assignee_id'], unique=False)
        batch_op.create_index('ix_assignment_event_assignment', ['assignment_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assignment_event_person_id'), ['person_id'], unique=False)



def downgrade():
    with op.batch_alter_table('assignment_event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assignment_event_person_id'))
        batch_op.drop_index('ix_assignment_event_assignment')
        batch_op.drop_index(batch_op.f('ix_assignment_event_assignee_id'))

    op.drop_table('assignment_event')
    with op.batch_alter_table('assignment_name', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assignment_name_person_id'))

    op.drop_table('assignment_name')
    with op.batch_alter_table('assignment_count', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assignment_count_store_id'))

    op.drop_table('assignment_count')
    with op.batch_alter_table('assignee', schema=None) as batch_op:
        batch_op.drop_index('ix_assignee_team')
        batch_op.drop_index('ix_assignee_store')
        batch_op.drop_index('ix_assignee_remind', sqlite_where=sa.text('remind_at IS NOT NULL'), postgresql_where=sa.text('remind_at IS NOT NULL'))
        batch_op.drop_index('ix_assignee_person')
        batch_op.drop_index('ix_assignee_mark', sqlite_where=sa.text("overdue_at IS NULL AND state IN ('assigned', 'begun')"), postgresql_where=sa.text("overdue_at IS NULL AND state IN ('assigned', 'begun')"))

    op.drop_table('assignee')
    with op.batch_alter_table('path_course', schema=None) as batch_op:
        batch_op.drop_index('ix_path_course_step')
        batch_op.drop_index('ix_path_course_course')

    op.drop_table('path_course')
    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.drop_index('ix_assignment_store')
        batch_op.drop_index('ix_assignment_path')
        batch_op.drop_index('ix_assignment_course')
        batch_op.drop_index('ix_assignment_cancelled')
        batch_op.drop_index(batch_op.f('ix_assignment_audience_id'))

    op.drop_table('assignment')
    with op.batch_alter_table('path_step', schema=None) as batch_op:
        batch_op.drop_index('ix_path_step_path')

    op.drop_table('path_step')
    with op.batch_alter_table('path_completion', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_path_completion_person_id'))

    op.drop_table('path_completion')
    with op.batch_alter_table('path', schema=None) as batch_op:
        batch_op.drop_index('ix_path_audience')

    op.drop_table('path')
