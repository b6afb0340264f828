"""The words by which people are found, kept by the database itself

Revision ID: 0005
Revises: 0004
Create Date: 2026-11-25 07:26:11.204511

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

# Words of the name, the personnel number, words of what somebody is good at; names and strengths are folded already.
SQLITE_NAME = """
INSERT INTO person_word (word, name_key, person_id)
SELECT value, new.name_key, new.id
FROM json_each('[' || replace(replace(json_quote(new.name_key), ' ', '","'), '-', '","') || ']') WHERE value <> ''
UNION SELECT new.number_key, new.name_key, new.id WHERE new.number_key <> '';
"""
SQLITE_ALL = """
DELETE FROM person_word WHERE person_id = {who};
INSERT INTO person_word (word, name_key, person_id)
SELECT word.value, person.name_key, person.id
FROM person, json_each('[' || replace(replace(json_quote(person.name_key), ' ', '","'), '-', '","') || ']') AS word
WHERE person.id = {who} AND word.value <> ''
UNION SELECT number_key, name_key, id FROM person WHERE id = {who} AND number_key <> ''
UNION SELECT word.value, person.name_key, person.id
FROM strength JOIN person ON person.id = strength.person_id,
json_each('[' || replace(replace(json_quote(strength.key), ' ', '","'), '-', '","') || ']') AS word
WHERE strength.person_id = {who} AND word.value <> '';
"""
# What somebody is good at comes one by one: to make all of his words anew for each would be slow where there are many.
SQLITE_STRENGTH = """
INSERT INTO person_word (word, name_key, person_id)
SELECT DISTINCT word.value, person.name_key, person.id
FROM person, json_each('[' || replace(replace(json_quote(new.key), ' ', '","'), '-', '","') || ']') AS word
WHERE person.id = new.person_id AND word.value <> ''
AND NOT EXISTS (SELECT 1 FROM person_word AS known WHERE known.person_id = person.id AND known.word = word.value);
"""
SQLITE_TRIGGERS = (
    # Who comes is good at nothing yet: a list of a hundred thousand people waits for this one.
    ('person_words_added', 'INSERT ON person', SQLITE_NAME),
    ('person_words_changed', 'UPDATE OF name_key, number_key ON person', SQLITE_ALL.format(who='new.id')),
    ('person_words_removed', 'DELETE ON person', 'DELETE FROM person_word WHERE person_id = old.id;'),
    ('strength_words_added', 'INSERT ON strength', SQLITE_STRENGTH),
    (
        'strength_words_changed',
        'UPDATE OF key, person_id ON strength',
        SQLITE_ALL.format(who='old.person_id') + SQLITE_ALL.format(who='new.person_id'),
    ),
    ('strength_words_removed', 'DELETE ON strength', SQLITE_ALL.format(who='old.person_id')),
)
POSTGRESQL = (
    """
    CREATE FUNCTION keep_person_words(who integer) RETURNS void LANGUAGE sql AS $$
    DELETE FROM person_word WHERE person_id = who;
    INSERT INTO person_word (word, name_key, person_id)
    SELECT DISTINCT word, person.name_key, person.id
    FROM person, regexp_split_to_table(
        person.name_key || ' ' || person.number_key || ' '
        || coalesce((SELECT string_agg(key, ' ') FROM strength WHERE person_id = who), ''),
        '[ -]+'
    ) AS word
    WHERE person.id = who AND word <> ''
    ON CONFLICT DO NOTHING;
    $$
    """,
    """
    CREATE FUNCTION person_words_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'TRUNCATE' THEN
            TRUNCATE person_word;
        ELSIF TG_OP = 'DELETE' THEN
            DELETE FROM person_word WHERE person_id = OLD.id;
        ELSE
            PERFORM keep_person_words(NEW.id);
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE FUNCTION strength_words_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            INSERT INTO person_word (word, name_key, person_id)
            SELECT DISTINCT word, person.name_key, person.id
            FROM person, regexp_split_to_table(NEW.key, '[ -]+') AS word
            WHERE person.id = NEW.person_id AND word <> ''
            ON CONFLICT DO NOTHING;
            RETURN NULL;
        END IF;
        PERFORM keep_person_words(OLD.person_id);
        IF TG_OP = 'UPDATE' THEN
            PERFORM keep_person_words(NEW.person_id);
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER person_words AFTER INSERT OR DELETE OR UPDATE OF name_key, number_key ON person
    FOR EACH ROW EXECUTE FUNCTION person_words_kept()
    """,
    """
    CREATE TRIGGER person_words_emptied AFTER TRUNCATE ON person
    FOR EACH STATEMENT EXECUTE FUNCTION person_words_kept()
    """,
    """
    CREATE TRIGGER strength_words AFTER INSERT OR DELETE OR UPDATE OF key, person_id ON strength
    FOR EACH ROW EXECUTE FUNCTION strength_words_kept()
    """,
    "SELECT keep_person_words(id) FROM person",
)


def upgrade():
    on_postgresql = op.get_bind().dialect.name == 'postgresql'
    op.create_table('person_word',
    # Compared by code points, so that a beginning is a range.
    sa.Column('word', sa.String(length=250, collation='C' if on_postgresql else None), nullable=False),
    sa.Column('name_key', sa.String(length=250), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('person_id', 'word', name=op.f('pk_person_word'))
    )
    op.create_index('ix_person_word', 'person_word', ['word', 'name_key', 'person_id'], unique=False)
    if on_postgresql:
        for statement in POSTGRESQL:
            op.execute(statement)
        return
    for name, event, body in SQLITE_TRIGGERS:
        op.execute(f'CREATE TRIGGER {name} AFTER {event} BEGIN {body} END')
    # Those who are there already.
    op.execute('UPDATE person SET name_key = name_key')


def downgrade():
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP TRIGGER strength_words ON strength')
        op.execute('DROP TRIGGER person_words ON person')
        op.execute('DROP TRIGGER person_words_emptied ON person')
        for function in ('strength_words_kept()', 'person_words_kept()', 'keep_person_words(integer)'):
            op.execute(f'DROP FUNCTION {function}')
    else:
        for name, _event, _body in SQLITE_TRIGGERS:
            op.execute(f'DROP TRIGGER {name}')
    op.drop_table('person_word')
