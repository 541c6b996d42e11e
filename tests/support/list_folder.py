"""A configuration whose lists are one release's file, and commands that are run with it."""

from __future__ import annotations

from pathlib import Path
from typing import Callable

from click.testing import CliRunner, Result

from gateway.cli.main import main

RELEASE = "fostering-2027"
Run = Callable[..., Result]


def list_folder(folder: Path, text: str, rules: str = "", more: str = "") -> Path:
    """The folder of lists below `folder`, with `text` as the release's file; `rules` are settings
    beside that folder's, `more` other sections of the configuration."""
    lists = folder / "lists"
    lists.mkdir()
    (lists / f"{RELEASE}.yaml").write_text(text)
    (folder / "domains.yaml").write_text("")
    settings = ", ".join(filter(None, ("releases: lists, domains: domains.yaml", rules)))
    (folder / "config.yaml").write_text(f"rules: {{{settings}}}\n{more}")
    return lists


def command(lists: Path, *first: str) -> Run:
    """Runs `gateway FIRST… WORDS…` with the configuration of these lists."""

    def invoke(*words: str, input: str | None = None) -> Result:
        config = str(lists.parent / "config.yaml")
        return CliRunner().invoke(main, [*first, *words, "--config", config], input=input)

    return invoke
