"""`gateway scan` opens nothing outside the sandbox, and keeps to the configured limits."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path
from typing import Any

import pytest
from support.archives import zipped

from gateway.cli import scan as scanning
from gateway.config import Config
from gateway.extract import SandboxNeeded
from gateway.model.limits import ParseLimits, ReadLimits
from gateway.model.message import Part

MAIL = b"Subject: a\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n" + b"".join(
    b"--b\nContent-Type: text/plain\n\nhello %d\n" % number for number in range(9)
)

ROWS = "id,age\n" + "".join(f"{n},4\n" for n in range(200))


def note(content: bytes) -> bytes:
    return b"Please see below.\n\n" + base64.encodebytes(content) + b"\nRegards\n"


def test_an_archive_encoded_in_a_note_is_opened_in_the_sandbox(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "note.txt"
    file.write_bytes(note(zipped({"a.csv": ROWS})))
    asked: list[str] = []

    async def in_sandbox(_: Any, part: Part) -> scanning.Reading:
        asked.append(part.name or "")
        return (), (), ()

    monkeypatch.setattr(scanning, "_in_sandbox", in_sandbox)
    asyncio.run(scanning.scan_files((str(file),), Config()))
    assert asked == ["note.txt"]


def test_outside_the_sandbox_no_archive_is_opened() -> None:
    limits = scanning.Limits(ReadLimits(), ParseLimits())
    part = Part(
        "1", "application/octet-stream", "attachment", note(zipped({"a.csv": ROWS})), "note.txt"
    )
    with pytest.raises(SandboxNeeded):
        scanning.read_tables(limits, part, in_worker=True)
    assert scanning.read_tables(limits, part)[0]


def test_messages_are_taken_apart_within_the_configured_limits() -> None:
    part = Part("1", "message/rfc822", "attachment", MAIL, "a.eml")
    limits = scanning.Limits(ReadLimits(), ParseLimits(parts=3))
    assert any(gap.reason == "limit" for gap in scanning.read_tables(limits, part)[1])
