"""The house keeps its shape: who may import whom, how long things get, what every module says about itself.

The order of the layers is architecture.md's. A failure here names the file and what to do about it.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "app"
TEMPLATES = APP / "templates"

# From the ground up: a module imports its own line and the lines above it, nothing else. Two packages of one line stay
# apart: features never know each other, they speak by `record` and listen to `happened`.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("config", "tokens"),
    ("extensions",),
    ("hx",),
    ("compression", "database", "locale", "media", "jobs", "mail", "outside", "catalogues", "typed"),
    ("errors",),
    ("forms", "pictures", "tables", "ui", "pieces"),
    ("people", "guard", "navigation"),
    ("activity",),
    ("content",),
    ("points", "notifications", "search"),
    ("feed", "announcements", "learning", "events", "ideas", "polls", "knowledge", "onboarding", "rhythm"),
    ("insight",),
    ("admin",),
    # What puts the parts together may know them all.
    ("assets", "brand", "frame", "warm", "routing", "backup", "demo", "models", "cli", ""),
)
GROUND, TOP = 3, len(LAYERS) - 1
# The guard knows the viewer, the people's routes know the guard.
FAMILY = {"people", "guard", "navigation"}
# Where an import may stand inside a function, and why.
INDENTED = {
    "deploy/gunicorn.py": "runs in each worker after the fork; importing the application earlier would share connections",
    "app/__init__.py": "create_app",
    "app/learning/certificate_sheet.py": "a serving process loads the writer of PDF when somebody asks for the first sheet",
    "app/tables.py": "a serving process loads the writer of workbooks when somebody asks for the first",
}
# Files over 300 lines, each with its reason. Shorten one and its line here must go.
LONG: dict[str, str] = {
    "app/jobs.py": "jobs and what begins them anew are one mechanism, read as one page",
    "app/people/sheets.py": "one file, because it runs by path, in a process that loads nothing of the portal",
    "app/people/sessions.py": "a session, and the one query that says whose it is and whether it still holds",
    "app/content/models.py": "the whole spine on one page: the tables only make sense beside each other",
}
LONGEST_FILE = 300
LONGEST_VIEW = 20
LONGEST_TEMPLATE = 60


def modules() -> dict[str, Path]:
    """Return {dotted name: path} of everything under app/."""
    found = {}
    for path in sorted(APP.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def tree(path: Path) -> ast.Module:
    """Return the parsed file, once for all tests."""
    return ast.parse(path.read_text(), str(path))


def said(path: Path) -> str:
    """Return the path as messages write it."""
    return path.relative_to(ROOT).as_posix()


def imports(name: str, path: Path) -> set[str]:
    """Return the modules of ours that a module imports at its top."""
    known = modules()
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name in known}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{said(path)}:{node.lineno}: write imports from `app` on, not relative ones"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found |= {whole} & known.keys() or {node.module or ""} & known.keys()
    return found - {name}


def unit(name: str) -> str:
    """Return the package or frame-level module that a dotted name belongs to; create_app's own is ''."""
    return name.split(".")[1] if "." in name else ""


def layer(name: str, path: Path) -> int:
    """Return how high a module stands."""
    for height, line in enumerate(LAYERS):
        if unit(name) in line:
            return height
    pytest.fail(f"{said(path)}: give `{unit(name)}` its place in LAYERS of {said(Path(__file__))}")


def test_imports_go_downward():
    known = modules()
    wrong = []
    for name, path in known.items():
        for other in imports(name, path):
            here, there = layer(name, path), layer(other, known[other])
            together = unit(name) == unit(other) or {unit(name), unit(other)} <= FAMILY or there in (GROUND, TOP)
            if there > here or (there == here and not together):
                wrong.append(f"{said(path)} imports {other}, which stands {'beside' if there == here else 'above'} it")
    assert not wrong, "\n".join(["imports go downward (architecture.md, Direction):", *wrong])


def test_no_circles():
    known = modules()
    graph = {name: imports(name, path) for name, path in known.items()}
    while graph:
        leaves = {name for name, others in graph.items() if not others & graph.keys()}
        assert leaves, f"these import each other in a circle: {sorted(graph)}"
        graph = {name: others for name, others in graph.items() if name not in leaves}


def test_imports_stand_at_the_top():
    wrong = []
    for path in [*modules().values(), *sorted((ROOT / "deploy").glob("*.py"))]:
        top = set(tree(path).body)
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Import | ast.ImportFrom) and node not in top and said(path) not in INDENTED:
                wrong.append(f"{said(path)}:{node.lineno}")
    assert not wrong, f"imports stand at the top of their file: {wrong}"


def test_every_module_says_why_it_exists():
    silent = [
        said(path)
        for path in [*modules().values(), *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "bench").rglob("*.py"))]
        if path.read_text().strip() and not ast.get_docstring(tree(path))
    ]
    assert not silent, f"begin with a docstring that says why the module exists: {silent}"


def test_public_functions_say_what_they_do():
    silent = []
    for path in modules().values():
        for node in tree(path).body:
            inner = node.body if isinstance(node, ast.ClassDef) else []
            for thing in [node, *inner]:
                if not isinstance(thing, ast.FunctionDef | ast.ClassDef) or thing.name.startswith("_"):
                    continue
                if isinstance(node, ast.ClassDef) and _explains_itself(node, thing):
                    continue
                if not ast.get_docstring(thing):
                    silent.append(f"{said(path)}:{thing.lineno} {thing.name}")
    assert not silent, "\n".join(["one imperative sentence each:", *silent])


def _explains_itself(owner: ast.ClassDef, thing: ast.AST) -> bool:
    """Tell whether a method needs no words: it fulfils what its class's base or protocol already describes."""
    if owner.name.startswith("_") or isinstance(thing, ast.ClassDef):
        return True
    bases = {ast.unparse(base) for base in owner.bases}
    inherited = {"process_bind_param", "process_result_value", "to_python", "to_url", "validate", "__init__"}
    return (
        "Protocol" in bases
        or getattr(thing, "name", "") in inherited
        or str(getattr(thing, "name", "")).startswith("validate_")
        or bool(re.search(r"MediaStore|as .* in a folder", ast.get_docstring(owner) or ""))
    )


def test_files_stay_short():
    lengths = {said(path): len(path.read_text().splitlines()) for path in modules().values()}
    long = {path: length for path, length in lengths.items() if length > LONGEST_FILE}
    new = {path: length for path, length in long.items() if path not in LONG}
    assert not new, f"over {LONGEST_FILE} lines: split by noun, or give the reason in LONG: {new}"
    short = [path for path in LONG if path not in long]
    assert not short, f"short again; take them out of LONG: {short}"


def views() -> list[tuple[Path, ast.FunctionDef]]:
    """Return the functions that answer an address."""
    found = []
    for path in modules().values():
        for node in tree(path).body:
            if isinstance(node, ast.FunctionDef) and any(_is_route(decorator) for decorator in node.decorator_list):
                found.append((path, node))
    return found


def _is_route(decorator: ast.expr) -> bool:
    return bool(re.match(r"\w+\.(get|post|route)\(", ast.unparse(decorator)))


def test_routes_are_short():
    long = []
    for path, view in views():
        statements = view.body[1:] if ast.get_docstring(view) else view.body
        lines = (view.end_lineno or 0) - statements[0].lineno + 1
        if lines > LONGEST_VIEW:
            long.append(f"{said(path)}:{view.lineno} {view.name}: {lines} lines")
    assert not long, "\n".join([f"a route is load, form, rule, answer in at most {LONGEST_VIEW} lines:", *long])


def test_routes_only_get_and_post():
    wrong = [
        f"{said(path)}:{view.lineno} {view.name}"
        for path, view in views()
        for decorator in view.decorator_list
        if re.search(r"methods=.*(PUT|DELETE|PATCH)", ast.unparse(decorator))
    ]
    assert not wrong, f"only GET and POST: {wrong}"


def test_routes_build_no_queries():
    """Queries are named in models: what a route calls must not be SQLAlchemy's own select, text, insert, update, delete."""
    wrong = []
    for path, view in views():
        names = _sqlalchemy_names(path)
        for node in ast.walk(view):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                wrong.append(f"{said(path)}:{node.lineno} {view.name}: {node.func.id}(…)")
    assert not wrong, "\n".join(["a route chains queries that models name:", *wrong])


def _sqlalchemy_names(path: Path) -> set[str]:
    return {
        alias.asname or alias.name
        for node in tree(path).body
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy")
        for alias in node.names
        if alias.name in {"select", "insert", "update", "delete", "text", "exists", "func", "union", "union_all"}
    }


def test_only_routes_and_commands_commit():
    wrong = []
    for path in modules().values():
        if re.search(r"routes?$|sign_in$|cli$|commands?$|jobs?$|frame$|^demo|backup", path.stem) or "demo" in path.parts:
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("session.commit"):
                wrong.append(f"{said(path)}:{node.lineno}")
    wrong = [place for place in wrong if place.split(":")[0] not in COMMITTING]
    assert not wrong, f"models flush, routes, commands and jobs commit: {wrong}"


# Modules that commit although they are neither routes nor commands, and why.
COMMITTING = {
    "app/learning/scorm_content.py": "the door of packages answers requests of its own, before there are routes",
    "app/database.py": "`in_passing` is a transaction of its own",
    "app/mail.py": "`deliver` is a job; what the mail server has must be on record before it answers",
    "app/notifications/pushing.py": "`deliver` is a job; what the push service has must be on record before it answers",
    "app/people/guesses.py": "a guess must be seen by parallel ones before its secret is looked at",
}


def test_headers_of_htmx_are_known_in_one_place():
    wrong = [
        f"{said(path)}:{number}"
        for path in modules().values()
        if path.name != "hx.py"
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"""["']HX-""", line)
    ]
    assert not wrong, f"HX- headers belong to app/hx.py: {wrong}"


def templates() -> list[Path]:
    """Return all templates."""
    return sorted(TEMPLATES.rglob("*.html"))


def test_templates_are_short():
    long = {said(path): n for path in templates() if (n := len(path.read_text().splitlines())) >= LONGEST_TEMPLATE}
    assert not long, f"a template of {LONGEST_TEMPLATE} lines lacks a partial: {long}"


def test_partials_state_their_inputs():
    silent = []
    for path in templates():
        source = path.read_text()
        first = source.split("\n", 1)[0]
        used = re.search(r"\{\{|\{%\s*(for|if|set)", source)
        if path.name.startswith("_") and used and not re.match(r"\{# needs: ", first) and _inputs(source):
            silent.append(said(path))
    assert not silent, "\n".join(["the first line of a partial says {# needs: … #}:", *silent])


def _inputs(source: str) -> bool:
    """Tell whether a partial reads anything but what every template knows."""
    known = {"_", "icon", "csrf_token", "request", "config", "languages", "language", "url_for", "asset"}
    known |= {"get_flashed_messages", "ngettext", "nonce", "true", "false", "not", "in", "if", "else", "for", "and", "or"}
    bound = set(re.findall(r"\{%\s*(?:for|set)\s+([\w, ]+?)\s*(?:=|in\b)", source))
    known |= {name.strip() for names in bound for name in names.split(",")}
    expressions = " ".join(re.findall(r"\{\{(.*?)\}\}|\{%\s*if(.*?)%\}", source, re.S) and _texts(source))
    words = set(re.findall(r"(?<![\w.|'\"])([a-z_]\w*)(?!\w*\s*=[^=])", re.sub(r"'[^']*'|\"[^\"]*\"", "", expressions)))
    return bool(words - known)


def _texts(source: str) -> list[str]:
    return [a or b for a, b in re.findall(r"\{\{(.*?)\}\}|\{%\s*(?:if|for)(.*?)%\}", source, re.S)]


def test_templates_carry_no_script_or_style_of_their_own():
    """The content security policy would stop them in silence; letters have no policy, and no style sheets either."""
    wrong = []
    for path in templates():
        if path.name.startswith("letter"):
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if re.search(r"""\sstyle=["']|<style|<script(?![^>]*\bsrc=)|\son[a-z]+=["']|hx-on|javascript:|["']js:""", line):
                wrong.append(f"{said(path)}:{number}")
    assert not wrong, f"no inline style, script or handler: {wrong}"


# Ids that are written out, and why.
WRITTEN_IDS = {
    "app/templates/macros/form.html": "the fields of a form carry ids of their own",
}


def test_templates_use_dom_id_for_numbered_elements():
    wrong = []
    for path in templates():
        for number, line in enumerate(path.read_text().splitlines(), 1):
            written = re.search(r"""\sid=["'][^"']*\{\{[^}]*\.id\b(?![^}]*dom_id)""", line)
            if written and said(path) not in WRITTEN_IDS:
                wrong.append(f"{said(path)}:{number}")
    assert not wrong, f"ids of rows come from |dom_id: {wrong}"


def test_templates_ask_no_database():
    wrong = [
        said(path)
        for path in templates()
        if re.search(r"\.(query|execute|scalars?|session)\b", "\n".join(re.findall(r"\{[{%].*?[%}]\}", path.read_text())))
    ]
    assert not wrong, f"no query in a template: {wrong}"


def test_behaviours_are_small():
    long = {
        said(path): n
        for path in sorted((APP / "static" / "js").glob("*.js"))
        if (n := len(path.read_text().splitlines())) >= LONGEST_TEMPLATE
    }
    assert not long, f"one behaviour a file, under {LONGEST_TEMPLATE} lines: {long}"


def test_one_noun_through_all_layers():
    """Templates and tests stand in folders named after packages, blueprints or frame-level modules."""
    names = {unit(name) for name in modules()} | set(
        re.findall(r'Blueprint\("(\w+)"', "".join(path.read_text() for path in modules().values()))
    )
    frame = {"errors", "macros", "frame", "terminal"}
    strange = [path.name for path in TEMPLATES.iterdir() if path.is_dir() and path.name not in names | frame]
    assert not strange, f"no package or blueprint of this name: {strange}"
