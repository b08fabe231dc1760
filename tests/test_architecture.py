"""The design, held by reading the source: who imports whom, who prints, what lies in the repository."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from itertools import pairwise
from pathlib import Path
from typing import TypeGuard

import pytest

from assistant.language.learning.table import capabilities

ROOT = Path(__file__).parents[1]
MAY_IMPORT = {
    "corpus": {"corpus"},
    "ingest": {"corpus", "ingest"},
    "assistant": {"corpus", "ingest", "assistant"},
    "ui": {"corpus", "ingest", "assistant", "ui", "eval"},  # eval: `roadmap eval` starts a run
    "eval": {"corpus", "ingest", "assistant", "eval"},
}
HOME_OF = {
    "chromadb": "ingest/index/vectors.py",
    "llama_index.vector_stores.chroma": "ingest/index/vectors.py",
    "gradio": "ui/chat/",
    "fastapi": "ui/web/api.py",
    "mcp": "ui/mcp/",
    "mcp_types": "ui/mcp/",
}
ROOMS = (
    # each may import what stands after it in its package, never before; a name without a folder is a module
    ("assistant", (
        "service", "suggestions", "llama_selector", "recall", "interpretation", "tool_selector", "tools", "selectors",
        "conversation", "asking_back", "talk_answers", "study_answers", "roadmap_answers", "generation", "page_answers",
        "retrieval", "handling", "router", "companion", "dead_links", "store", "practice", "language.learning",
        "language", "language.names", "language.weeks", "linear_model", "text", "coaching", "study",
        "recommendation", "answers", "questions",
    )),
    ("ingest", (
        "crawling", "pipeline", "coverage", "take", "index", "state", "pages", "archive", "fetching", "version",
    )),
    ("ui", ("cli", "web", "openai_protocol", "mcp", "chat", "pages", "sheets")),
    ("eval", (
        "suite", "report", "side_by_side", "suites", "measure", "systems", "running.provenance", "own", "runs",
        "running",
    )),
)  # fmt: skip
SPEAKS = frozenset(
    f"assistant.{name}"
    for name in (
        "handling.HANDLERS", "handling.handles", "router.Decision", "router.Router", "asking_back.SEARCH",
        "language.learning.table.capabilities", "language.learning.table.the", "language.learning.table.having",
        "tools.tools", "tools.call",
    )
)  # fmt: skip
"""What a module imports that speaks of capabilities."""
HOMONYMS = frozenset({
    ("length", "assistant/asking_back.py"),  # things that a message names
    ("length", "assistant/tools.py"),
    ("length", "assistant/talk_answers/handlers.py"),
    ("tools", "assistant/tool_selector.py"),  # a field of the protocol
    ("count", "assistant/conversation.py"),  # what a question is about
    ("extreme", "assistant/conversation.py"),
    ("remark", "assistant/router.py"),  # the role of that name
})  # fmt: skip
MOST_MODULES = 20
TOP_LEVEL = {
    ".ci", ".gitignore", "LICENSE", "Makefile", "README.md", "assistant", "constraints.txt", "corpus", "eval", "ingest",
    "pyproject.toml", "tests", "ui",
}  # fmt: skip
MACHINE = re.compile(r"(?<![\w.~-])/" + "(?:work|root|home)" + r"/[\w.]")
"""An absolute path of the machine that a file was written on (in pieces, so that this file does not hold one)."""

SOURCES = sorted(path.relative_to(ROOT).as_posix() for package in MAY_IMPORT for path in (ROOT / package).rglob("*.py"))


# --- imports --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SOURCES)
def test_imports_go_one_way(path: str) -> None:
    package = path.split("/", 1)[0]
    ours = {name.split(".")[0] for name in imports(tree(path))} & set(MAY_IMPORT)
    assert ours <= MAY_IMPORT[package], f"{path} imports {sorted(ours - MAY_IMPORT[package])}"


@pytest.mark.parametrize(("package", "rooms"), ROOMS)
def test_rooms_import_downwards(package: str, rooms: tuple[str, ...]) -> None:
    place = {f"{package}.{room}": number for number, room in enumerate(rooms)}
    upwards = [
        f"{module} imports {imported}"
        for module, targets in arrows().items()
        for imported in targets
        if (here := _room(module, place)) and (there := _room(imported, place)) and place[there] < place[here]
    ]
    assert upwards == []


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_every_folder_is_a_room_that_has_its_place(package: str) -> None:
    named = {f"{name}.{room}" for name, rooms in ROOMS for room in rooms}
    folders = {path.rpartition("/")[0].replace("/", ".") for path in SOURCES if path.startswith(f"{package}/")}
    assert {folder for folder in folders if "." in folder and ".migrations" not in folder} <= named


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = TopologicalSorter(arrows())
    graph.prepare()  # CycleError names the circle


@pytest.mark.parametrize("folder", sorted({path.rpartition("/")[0] for path in SOURCES}))
def test_a_folder_can_be_looked_over(folder: str) -> None:
    assert len(list((ROOT / folder).glob("*.py"))) <= MOST_MODULES


@pytest.mark.parametrize("path", [path for path in SOURCES if path.count("/") > 1 and path.endswith("/__init__.py")])
def test_a_room_says_what_it_is_and_hands_nothing_on(path: str) -> None:
    assert len(text(path).splitlines()) <= 5
    assert len(tree(path).body) <= 1


def test_tests_stand_in_the_rooms_of_what_they_test() -> None:
    folders = {path.rpartition("/")[0] for path in tracked() if re.match(r"tests/.*/test_\w+\.py$", path)}
    rooms = {f"tests/{path.rpartition('/')[0]}" for path in SOURCES}
    assert folders <= rooms


@pytest.mark.parametrize(("library", "home"), HOME_OF.items())
def test_a_library_has_one_home(library: str, home: str) -> None:
    users = [path for path in SOURCES if any(belongs(name, library) for name in imports(tree(path)))]
    assert [path for path in users if not path.startswith(home)] == []


@pytest.mark.parametrize("path", SOURCES)
def test_the_tests_and_their_tools_are_not_imported_by_the_packages(path: str) -> None:
    foreign = {"pytest", "hypothesis", "playwright", "tests", "conftest", "fakes"}
    assert {name.split(".")[0] for name in imports(tree(path))} & foreign == set()


@pytest.mark.parametrize(
    "source",
    [
        "import ui.cli.app",
        "import ui.cli.app as x",
        "from ui import cli",
        "def f():\n    from ui.cli.app import main",
        "if TYPE_CHECKING:\n    from ui.cli.app import main",
        "import importlib\nimportlib.import_module('ui.cli.app')",
        "from importlib import import_module\nx = import_module('ui.cli.app')",
        "__import__('ui.cli.app')",
    ],
)
def test_every_kind_of_import_is_seen(source: str) -> None:
    assert "ui" in {name.split(".")[0] for name in imports(ast.parse(source))}


def test_a_name_that_only_begins_alike_is_another_library() -> None:
    assert belongs("gradio.themes", "gradio")
    assert not belongs("gradio_client", "gradio")


# --- what the code does not do --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [path for path in SOURCES if path != "ui/cli/app.py"])
def test_no_library_code_prints(path: str) -> None:
    calls = (node for node in ast.walk(tree(path)) if isinstance(node, ast.Call))
    assert [call.lineno for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"] == []


@pytest.mark.parametrize("path", SOURCES)
def test_chroma_is_given_vectors_only_and_never_serves(path: str) -> None:
    assert list(chroma_misuse(tree(path))) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("collection.query(query_texts=['x'])", True),
        ("collection.query(query_embeddings=[v])", False),
        ("collection.add(ids=i, documents=d)", True),
        ("collection.upsert(ids=i, documents=d)", True),
        ("collection.add(ids=i, documents=d, embeddings=e)", False),
        ("client.create_collection('c')", True),
        ("client.get_collection('c', embedding_function=Embedder())", True),
        ("client.get_or_create_collection('c', embedding_function=None)", False),
        ("import chromadb.server.fastapi", True),
        ("from chromadb import server", True),
        ("import chromadb.utils.embedding_functions", True),
        ("run(['chroma', 'run', '--path', p])", True),
        ("run('chroma run --path x', shell=True)", True),
    ],
)
def test_every_misuse_of_chroma_is_seen(source: str, found: bool) -> None:
    assert any(chroma_misuse(ast.parse(source))) is found


@pytest.mark.parametrize("path", SOURCES)
def test_every_module_says_what_it_is(path: str) -> None:
    assert ast.get_docstring(tree(path)) or not text(path).strip(), f"{path} has no docstring"


# --- capabilities are named in the table ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SOURCES)
def test_a_capability_is_named_by_its_handler_alone(path: str) -> None:
    """Everybody else asks the table: by a role (`table.the`), or for all entries."""
    assert list(named_outside(tree(path), path)) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from assistant.handling import HANDLERS\nHANDLERS['find_topic']", ["find_topic"]),
        ("SEARCHES = ('find_topic', 'rephrase')", ["find_topic"]),
        ("from assistant.router import Decision\nDecision(('concept',))", ["concept"]),
        ("from assistant.handling import handles\n@handles('undo')\ndef f(): return 'undo'", []),
        ("from assistant.handling import handles\n@handles(*X)\ndef f(): return 'author'\nX = ('cost',)", ["author"]),
        ("command = 'undo'", []),
    ],
)  # fmt: skip
def test_a_capability_that_is_named_elsewhere_is_seen(source: str, found: list[str]) -> None:
    assert list(named_outside(ast.parse(source), "x.py")) == found


def named_outside(module: ast.AST, path: str) -> Iterator[str]:
    """Names of capabilities in a module that does not answer them. One that is a plain word ("undo", "length") counts
    only where capabilities are spoken of; `HOMONYMS` are other things of the same name there."""
    speaks = bool(set(imports(module)) & SPEAKS)
    answers = {name for node in ast.walk(module) if _is_handles(node) for name in _constants(node)}
    if any(_is_handles(node) and any(isinstance(a, ast.Starred) for a in node.args) for node in ast.walk(module)):
        answers |= set(_keys(module))
    for name in _constants(module):
        is_meant = name in capabilities() and ("_" in name or speaks)
        if is_meant and name not in answers and (name, path) not in HOMONYMS:
            yield name


def _is_handles(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and _name(node.func) == "handles"


def _constants(node: ast.AST) -> list[str]:
    return [n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)]


def _keys(module: ast.AST) -> Iterator[str]:
    """What stands in the tables and lists at the top of a module, which `@handles(*COLUMNS)` may be given."""
    named = {a.value.id for n in ast.walk(module) if _is_handles(n) for a in n.args if isinstance(a, ast.Starred)
             and isinstance(a.value, ast.Name)}  # fmt: skip
    for node in ast.walk(module):
        target = (
            node.target
            if isinstance(node, ast.AnnAssign)
            else node.targets[0]
            if isinstance(node, ast.Assign)
            else None
        )
        if (
            isinstance(target, ast.Name)
            and target.id in named
            and isinstance(node, ast.Assign | ast.AnnAssign)
            and node.value
        ):
            yield from _constants(node.value)


# --- what lies in the repository ------------------------------------------------------------------------------------


def test_the_top_level_is_what_the_design_fixes() -> None:
    assert {path.split("/", 1)[0] for path in tracked()} <= TOP_LEVEL


def test_every_package_is_in_the_distribution() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    named = next(line for line in lines if line.startswith("include = "))
    assert set(MAY_IMPORT) == set(re.findall(r'"(\w+)\*"', named))
    assert [path for path in SOURCES if not (ROOT / path).with_name("__init__.py").is_file()] == []


def test_no_file_holds_a_path_of_a_machine() -> None:
    found = {path: MACHINE.findall(text(path)) for path in tracked()}
    assert {path: paths for path, paths in found.items() if paths} == {}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("see /" + "work/main/x", True),
        ('"/' + 'root/.cache"', True),
        ("https://site.example/" + "work/a", False),
        ("page/" + "home/a", False),
    ],
)
def test_a_path_of_a_machine_is_told_from_an_address(line: str, found: bool) -> None:
    assert bool(MACHINE.search(line)) is found


# --- reading --------------------------------------------------------------------------------------------------------


def imports(module: ast.AST) -> Iterator[str]:
    """Full names of what a module imports, at its top or anywhere inside, also by `import_module("name")`."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and _name(node.func) in ("import_module", "__import__"):
            yield from (arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant))


@cache
def arrows() -> dict[str, set[str]]:
    """Module -> the modules of ours that it imports at any place, for types alone too."""
    modules = {path.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in SOURCES}
    found: dict[str, set[str]] = {}
    for path in SOURCES:
        module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        named = {name if name in modules else name.rpartition(".")[0] for name in imports(tree(path))}
        found[module] = (named & modules) - {module}
    return found


def _room(module: str, place: dict[str, int]) -> str:
    """The room of a module, the innermost one; empty for a module of another package or a shared value."""
    parts = module.split(".")
    return next((name for n in range(len(parts), 0, -1) if (name := ".".join(parts[:n])) in place), "")


def chroma_misuse(module: ast.Module) -> Iterator[str]:
    """What safety.md (line 11) forbids: text for Chroma to embed, its own embedding functions, and its server."""
    unsafe = ("chromadb.server", "chromadb.app", "chromadb.cli", "chromadb.utils.embedding_functions")
    yield from (name for name in imports(module) if any(belongs(name, library) for library in unsafe))
    for node in ast.walk(module):
        words = _words(node)
        if any(pair == ("chroma", "run") for pair in pairwise(words)):
            yield f"line {getattr(node, 'lineno', '?')}: starts Chroma's server"
        if isinstance(node, ast.Call):
            yield from (f"line {node.lineno}: {what}" for what in _given_to_chroma(node))


def _words(node: ast.AST) -> list[str]:
    """The words of a text, or of a list of texts: a command line."""
    parts = node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
    texts = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return " ".join(texts).split()


def _given_to_chroma(call: ast.Call) -> Iterator[str]:
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    name = _name(call.func)
    embedder = given.get("embedding_function")
    unset = not (isinstance(embedder, ast.Constant) and embedder.value is None)
    if "query_texts" in given:
        yield "query_texts"
    if name in ("add", "upsert", "update") and "documents" in given and "embeddings" not in given:
        yield f"{name} of documents without embeddings"
    if name.endswith("_collection") and name.startswith(("get", "create")) and unset:
        yield f"{name} without embedding_function=None"


def belongs(name: str, library: str) -> bool:
    return f"{name}.".startswith(f"{library}.")


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


@cache
def tree(path: str) -> ast.Module:
    return ast.parse(text(path), path)


@cache
def text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


@cache
def tracked() -> tuple[str, ...]:
    """Files that git holds or would take; skips where this is no clone."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is no clone of the repository")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return tuple(path for path in listed.split("\0") if path and (ROOT / path).is_file())
