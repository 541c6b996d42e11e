"""Plays the conversations of tests/dialogs (format: its README) against a real listener."""

from __future__ import annotations

import ast
import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
import uvloop
import yaml

from gateway.config import Receive
from gateway.receive import Listener, listen

DIALOGS = sorted((Path(__file__).parent.parent / "dialogs").glob("*.txt"))
LOOPS: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {
    "asyncio": asyncio.new_event_loop,
    "uvloop": uvloop.new_event_loop,
}
LINE = re.compile(r"(->|=>|<-|<~|--|==|%|@\w+)(?:\*(\d+))?(?: (.*)|)")


class Dialog:
    """One file: its settings first, its steps after."""

    def __init__(self, path: Path) -> None:
        self.settings: dict[str, Any] = {"port": 0}
        self.marks: dict[str, str] = {}
        self.steps: list[tuple[int, str, int, str]] = []
        for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not text or text.startswith("#"):
                continue
            match = LINE.fullmatch(text)
            assert match, f"{path.name}:{number}: not a line of a dialog"
            sign, times, rest = match[1], int(match[2] or 1), match[3] or ""
            if sign == "%":
                self._set(rest)
            elif sign.startswith("@"):
                self.marks[sign[1:]] = rest
            else:
                self.steps.append((number, sign, times, rest))

    def _set(self, text: str) -> None:
        name, _, value = text.partition(":")
        section = self.settings
        *sections, key = name.split(".")
        for step in sections:
            section = section.setdefault(step, {})
        section[key] = yaml.safe_load(value)


def escaped(text: str) -> bytes:
    value = ast.literal_eval('b"' + text.replace('"', '\\"') + '"')
    assert isinstance(value, bytes)
    return value


class Player:
    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, papers: Any, ledger: Any
    ) -> None:
        self.reader, self.writer, self.papers, self.ledger = reader, writer, papers, ledger
        self.pending = b""

    async def step(self, sign: str, times: int, rest: str) -> None:
        if sign in ("->", "=>"):
            for n in range(1, times + 1):
                self.pending += (
                    escaped(rest)
                    if sign == "=>"
                    else rest.replace("{n}", str(n)).encode() + b"\r\n"
                )
            return
        if self.pending:
            self.writer.write(self.pending)
            self.pending = b""
        if sign in ("<-", "<~"):
            for n in range(1, times + 1):
                got = await (self.line() if sign == "<-" else self.reply())
                assert fnmatchcase(got, rest.replace("[", "[[]")), f"got {got!r} ({n})"
        elif sign == "--":
            await self.act(rest)
        else:
            self.check(rest)

    async def line(self) -> str:
        try:
            line = await asyncio.wait_for(self.reader.readline(), 5)
        except ConnectionError:
            return "closed"
        return line.decode().rstrip("\r\n") if line else "closed"

    async def reply(self) -> str:
        lines = [await self.line()]
        while lines[-1][3:4] == "-":
            lines.append(await self.line())
        return " / ".join(lines)

    async def act(self, what: str) -> None:
        if what.endswith("tls") or what.startswith("tls"):
            context = {
                "tls certificate": self.papers.client_with_certificate,
                "tls foreign certificate": self.papers.client_with_foreign_certificate,
            }.get(what, self.papers.client)
            shake = self.writer.start_tls(context, server_hostname="gateway.dept.example")
            if what.startswith("refused"):
                with pytest.raises(OSError):
                    await asyncio.wait_for(shake, 5)
            else:
                await asyncio.wait_for(shake, 5)
        elif what == "end":
            self.writer.write_eof()
        elif what == "gone":
            self.writer.close()
            with suppress(ConnectionError):
                await self.writer.wait_closed()
        else:
            raise AssertionError(f"no such step: {what}")

    def check(self, what: str) -> None:
        name, _, wanted = what.partition(" ")
        last = self.ledger.committed[-1] if self.ledger.committed else None
        if name == "messages":
            assert len(self.ledger.committed) == int(wanted)
        elif name == "begun":
            assert len(self.ledger.begun) == int(wanted)
        elif name == "aborted":
            assert self.ledger.begun[-1].aborted
        elif name == "sender":
            assert last.envelope.sender == wanted
        elif name == "options":
            assert " ".join(last.envelope.options) == wanted
        elif name == "recipient":
            assert wanted in [" ".join((r.address, *r.options)) for r in last.recipients]
        elif name == "recipients":
            assert len(last.recipients) == int(wanted)
        elif name == "content":
            assert last.content == escaped(wanted.strip('"'))
        elif name == "session":
            for pair in wanted.split():
                key, _, value = pair.partition("=")
                assert str(getattr(last.session, key)) == value, key
        elif name == "xforward":
            assert dict(last.session.xforward) == yaml.safe_load(wanted)
        else:
            raise AssertionError(f"no such check: {name}")


async def play(dialog: Dialog, path: Path, papers: Any, ledger: Any) -> None:
    settings = dialog.settings
    if "tls" in dialog.marks:
        settings["tls"] = {**papers.settings, **settings.get("tls", {})}
    if "users" in dialog.marks:
        settings["users_file"] = papers.users_file
    listener: Listener = await listen(
        Receive.model_validate(settings), "gateway.dept.example", ledger,
        lambda: datetime(2018, 3, 28, tzinfo=UTC),
    )  # fmt: skip
    port = listener.sockets[0].getsockname()[1]
    source = (dialog.marks["from"], 0) if "from" in dialog.marks else None
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=source)
    player = Player(reader, writer, papers, ledger)
    try:
        for number, sign, times, rest in dialog.steps:
            try:
                await player.step(sign, times, rest)
                if (sign, rest) == ("--", "gone"):
                    await asyncio.wait_for(listener.wait_closed(), 5)
            except (AssertionError, OSError, TimeoutError) as error:
                raise AssertionError(f"{path.name}:{number}: {sign} {rest}: {error!r}") from error
        assert not player.pending, "the dialog must end with what the gateway answers"
    finally:
        writer.close()
        listener.close()
        await listener.wait_closed()


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("path", DIALOGS, ids=lambda path: path.stem)
def test_the_dialog_goes_as_written(path: Path, loop: str, papers: Any, ledger_class: Any) -> None:
    async def run() -> None:
        await play(Dialog(path), path, papers, ledger_class())

    with asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
        runner.run(run())


def test_there_are_dialogs() -> None:
    assert len(DIALOGS) >= 20
