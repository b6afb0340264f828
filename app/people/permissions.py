"""Who may do what: permissions are one enum of words, a role is a named set of them."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class Permission(StrEnum):
    """One word for each thing that not everybody may do."""

    IMPORT_PEOPLE = "import_people"
    EDIT_PEOPLE = "edit_people"
    INVITE = "invite"
    GRANT_ROLES = "grant_roles"
    READ_LOG = "read_log"
    ENROL_TERMINAL = "enrol_terminal"
    MANAGE_TERMINALS = "manage_terminals"
    MODERATE = "moderate"
    PIN = "pin"
    EDIT_TOPICS = "edit_topics"
    EDIT_GROUPS = "edit_groups"
    SEE_PORTAL = "see_portal"
    ANNOUNCE = "announce"
    SEE_REACH = "see_reach"
    LEAD_STORE = "lead_store"
    TEACH = "teach"


class Role(StrEnum):
    """The hats of product.md §2; one person may wear several."""

    EMPLOYEE = "employee"
    DIRECTOR = "director"
    EDITOR = "editor"
    HR = "hr"
    MANAGEMENT = "management"
    ADMINISTRATOR = "administrator"


class Position(StrEnum):
    """What the staff list says a person works as."""

    DIRECTOR = "director"
    SENIOR = "senior"
    SELLER = "seller"
    INTERN = "intern"
    OTHER = "other"


# Given by an administrator; employee and director follow from the staff list instead.
GRANTED_ROLES = (Role.EDITOR, Role.HR, Role.MANAGEMENT, Role.ADMINISTRATOR)

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.EMPLOYEE: frozenset(),
    # None of a director's reaches further than his own store.
    Role.DIRECTOR: frozenset({Permission.INVITE, Permission.ENROL_TERMINAL, Permission.LEAD_STORE}),
    Role.EDITOR: frozenset(
        {
            Permission.MODERATE,
            Permission.PIN,
            Permission.EDIT_TOPICS,
            Permission.EDIT_GROUPS,
            Permission.ANNOUNCE,
            Permission.SEE_REACH,
            Permission.TEACH,
        }
    ),
    Role.HR: frozenset(
        {
            Permission.IMPORT_PEOPLE,
            Permission.EDIT_PEOPLE,
            Permission.INVITE,
            Permission.EDIT_GROUPS,
            Permission.SEE_REACH,
            Permission.TEACH,
        }
    ),
    Role.MANAGEMENT: frozenset({Permission.SEE_REACH}),
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.IMPORT_PEOPLE,
            Permission.EDIT_PEOPLE,
            Permission.INVITE,
            Permission.GRANT_ROLES,
            Permission.READ_LOG,
            Permission.ENROL_TERMINAL,
            Permission.MANAGE_TERMINALS,
            Permission.MODERATE,
            Permission.EDIT_GROUPS,
            Permission.SEE_PORTAL,
        }
    ),
}

ROLE_NAMES = {
    Role.EMPLOYEE: _l("employee"),
    Role.DIRECTOR: _l("store director"),
    Role.EDITOR: _l("editor"),
    Role.HR: _l("HR"),
    Role.MANAGEMENT: _l("management"),
    Role.ADMINISTRATOR: _l("administrator"),
}

# What each given role is for, said to the administrator who gives it.
ROLE_HINTS = {
    Role.EDITOR: _l("Writes for head office, pins posts, looks after topics and groups, decides on reports."),
    Role.HR: _l("Imports the staff list, corrects people and stores, invites, looks after groups."),
    Role.MANAGEMENT: _l("Answers ideas and sees the portal's numbers."),
    Role.ADMINISTRATOR: _l("Gives roles, reads the log, looks after terminals, and may do all that HR may."),
}

POSITION_NAMES = {
    Position.DIRECTOR: _l("store director"),
    Position.SENIOR: _l("senior seller"),
    Position.SELLER: _l("seller"),
    Position.INTERN: _l("intern"),
    Position.OTHER: _l("staff member"),
}


def capital(words: str) -> str:
    """Begin words with a capital letter; the others stay, for HR is not Hr."""
    return words[:1].upper() + words[1:]


def permissions_of(roles: frozenset[Role]) -> frozenset[Permission]:
    """Return everything that the holder of these roles may do."""
    return frozenset().union(*(PERMISSIONS[role] for role in roles))
