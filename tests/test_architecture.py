"""The list of folders is the path of a message, and nothing flows against it (law 1)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent / "gateway"
READERS = {"parse", "extract", "detect", "releases", "rulebook", "decide", "store"}
EDGES = {"receive", "act", "console", "cli"}
SHARED = {"model", "yaml_source"}
MAY_IMPORT = {
    "model": {"model"},
    "yaml_scalars": set(),
    "yaml_lines": {"yaml_scalars"},
    "yaml_source": {"model", "yaml_lines", "yaml_scalars"},
    "config": {"model", "config_values"},
    "config_reading": SHARED | {"config", "config_values"},
    "config_values": {"model"},
    **{layer: SHARED | {layer} for layer in READERS},
    "known_parts": SHARED,
    "key_file": set(),
    "concluding": SHARED | {"detect", "decide"},
    "lists": SHARED | {"config", "releases", "store"},
    "pipeline": SHARED | READERS | {"known_parts", "concluding"},
    "live": SHARED | READERS | {"pipeline", "config", "lists"},
    **{layer: SHARED | READERS | {"pipeline", "config", "lists", layer} for layer in EDGES},
}
MAY_IMPORT["releases"] |= {"yaml_lines", "key_file"}
MAY_IMPORT["store"] |= {"key_file"}
MAY_IMPORT["act"] |= {"key_file"}
MAY_IMPORT["cli"] |= {"app", "act", "config_reading", "live"}
MAY_TOUCH_FILES = EDGES | {
    "store",
    "config_reading",
    "yaml_source",
    "releases",
    "rulebook",
    "app",
    "live",
    "extract",
}
FILE_AND_SOCKET_MODULES = {
    "socket",
    "ssl",
    "sqlite3",
    "asyncio",
    "subprocess",
    "shutil",
    "tempfile",
}
MODULES = sorted(ROOT.rglob("*.py"))


def layer(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_follow_the_path_of_a_message(path: Path) -> None:
    here = layer(path)
    if here in ("app", "__init__", "__main__"):
        return
    used = {name.split(".")[1] for name in imports(path) if name.startswith("gateway.")}
    used.discard("__version__")
    assert used <= MAY_IMPORT[here], f"{here} may not import {used - MAY_IMPORT[here]}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_only_edges_and_loaders_touch_files_or_sockets(path: Path) -> None:
    if layer(path) in MAY_TOUCH_FILES | {"pipeline"}:
        return
    assert not {name.split(".")[0] for name in imports(path)} & FILE_AND_SOCKET_MODULES


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_stay_small(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_modules_say_in_one_sentence_what_they_are(path: Path) -> None:
    tree = ast.parse(path.read_text())
    assert not tree.body or ast.get_docstring(tree)


def test_no_vague_module_names() -> None:
    vague = {"utils", "helpers", "manager", "data", "info", "common", "misc"}
    assert not {path.stem for path in MODULES} & vague
