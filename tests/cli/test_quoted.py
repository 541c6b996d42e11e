"""Every `gateway …` command that is quoted in the README, in docs/ or in deploy/ is one that exists."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from gateway.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
PLACES = [
    ROOT / "README.md", ROOT / "config.example.yaml",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted(path for path in (ROOT / "deploy").rglob("*") if path.is_file()),
]  # fmt: skip
# In a code block or a unit; and between backticks in running text.
_LINE = re.compile(r"(?:^|[ =/])bin/gateway ([a-z].*)$|^gateway ([a-z].*)$", re.M)
_INLINE = re.compile(r"`gateway ([a-z][^`\n]*)`")


def quoted(text: str) -> Iterator[list[str]]:
    for match in (*_LINE.finditer(text), *_INLINE.finditer(text)):
        words = shlex.split(next(filter(None, match.groups())), comments=True)
        words = [word.strip("[]") for word in words]  # what is optional
        yield [word for word in words if word not in ("…", "...")]


def parsed(words: list[str]) -> None:
    """Let click read the words, as far as the command; nothing is run."""
    command: click.Command = main
    context = click.Context(main, info_name="gateway")
    while isinstance(command, click.Group):
        if not words:
            return
        found = command.get_command(context, words[0])
        assert found is not None, f"there is no command {words[0]}"
        command, words = found, words[1:]
        context = click.Context(command, parent=context, info_name=command.name)
    try:
        command.make_context(command.name, words)
    except click.MissingParameter:
        return  # prose names a command without what it is about
    except click.UsageError as error:
        raise AssertionError(f"{command.name} {words}: {error.format_message()}") from None


@pytest.mark.parametrize("path", PLACES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_quoted_command_exists_with_its_options(path: Path) -> None:
    for words in quoted(path.read_text()):
        parsed(words)


def test_the_commands_are_found_and_a_wrong_one_is_noticed() -> None:
    unit = (ROOT / "deploy/gateway.service").read_text()
    assert [words[:2] for words in quoted(unit) if "--config" in words] == [
        ["check", "--no-ports"], ["run", "--config"],
    ]  # fmt: skip
    assert len(list(quoted((ROOT / "README.md").read_text()))) > 8
    for words in (["chekc"], ["check", "--no-such-option"], ["holds", "relase", "X"]):
        with pytest.raises(AssertionError):
            parsed(words)


def test_the_unit_and_the_example_say_where_the_store_goes() -> None:
    for name in ("deploy/gateway.service", "config.example.yaml"):
        assert "/var/lib/prerelease-gateway/gateway.sqlite" in (ROOT / name).read_text()
