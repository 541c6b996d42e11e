"""Messages from the test suites of mail software: a verdict on each, in time, nothing unread unsaid."""

from __future__ import annotations

import email
import json
import re
from datetime import UTC, datetime
from email.message import Message as LibraryMessage
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, Iterator

import pytest
from support.corpus import MESSAGES as CORPUS

from gateway.cli.inspect import as_object
from gateway.cli.setting import load_setting
from gateway.extract import detect_type, read_nested
from gateway.live import opened_inspector
from gateway.model.limits import ParseLimits, ReadLimits
from gateway.model.message import Gap, Message, Part
from gateway.model.session import Envelope, Recipient, Session
from gateway.parse import parse_message

ROOT = Path(__file__).resolve().parents[2]
CONFIG = ROOT / "config.example.yaml"
SECONDS = 2.0
MESSAGES = sorted(p for p in CORPUS.rglob("*") if p.is_file())
pytestmark = pytest.mark.skipif(not MESSAGES, reason="the open corpus is not here")
_CODED = re.compile(rb"[A-Za-z0-9+/=]+")
PARSE = partial(parse_message, limits=ParseLimits())


async def test_every_message_gets_a_verdict_in_time(record_property: Any) -> None:
    now = datetime.now(UTC)
    envelope = Envelope("s.field@dept.example", (Recipient("x@webmail.example"),))
    taken: list[tuple[float, str]] = []
    crashed: list[str] = []
    async with opened_inspector(load_setting(CONFIG)) as inspector:
        await inspector.inspect(Session("127.0.0.1"), envelope, b"\0", now)  # children are up
        for path in MESSAGES:
            started = perf_counter()
            found = await inspector.inspect(Session("127.0.0.1"), envelope, path.read_bytes(), now)
            # Waiting for a fresh child, on a busy machine, is not reading.
            ms = found.ms
            reading = (ms.parse + ms.extract + ms.detect + ms.decide) / 1000
            taken.append((min(perf_counter() - started, reading), path.name))
            json.dumps(as_object(found))
            assert found.verdict.decisions
            crashed += [
                f"{path.name}: {gap.detail}"
                for gap in found.case.gaps
                if gap.reason in ("crashed", "timeout")
            ]
    taken.sort(reverse=True)
    record_property("slowest", "; ".join(f"{name} {seconds:.2f} s" for seconds, name in taken[:5]))
    assert taken[0][0] < SECONDS, taken[:5]
    assert crashed == []


@pytest.mark.parametrize("path", MESSAGES, ids=lambda path: path.name)
def test_every_leaf_is_read_or_said_to_be_unread(path: Path) -> None:
    """A leaf is what the standard library takes for one; we may find more, and decode more."""
    raw = path.read_bytes()
    message = PARSE(raw)
    contents = {part.number: list(read_nested(part, ReadLimits(), PARSE)) for part in message.parts}
    unread = [part for part in message.parts if not contents[part.number] and part.content.strip()]
    assert [part.number for part in unread if not _has_nothing_to_read(part)] == []
    found = [_letters(part.content) for part in message.parts] + [_letters(raw_header(message))]
    gaps = [*message.gaps, *(c for cs in contents.values() for c in cs if isinstance(c, Gap))]
    for kind, leaf in _leaves(raw):
        # A multipart or a message that the library leaves whole, or coded, we have taken apart.
        apart = (kind == "multipart" or _CODED.fullmatch(leaf)) and message.parts
        assert gaps or apart or any(leaf[:40] in ours for ours in found)


def raw_header(message: Message) -> bytes:
    return "".join(header.value for header in message.headers).encode("utf-8", "replace")


def _has_nothing_to_read(part: Part) -> bool:
    kind = detect_type(part)
    if kind == "text/html":
        return not re.sub(rb"<[^>]*>", b"", part.content).strip()
    if kind.startswith("image/"):
        return True  # looked at, and without a word in it
    return kind.endswith("-signature") or part.content.strip() == b"Version: 1"


def _leaves(raw: bytes) -> Iterator[tuple[str, bytes]]:
    parsed: LibraryMessage = email.message_from_bytes(raw)
    for part in parsed.walk():
        if not part.is_multipart():
            payload = part.get_payload(decode=True) or part.get_payload()
            content = payload if isinstance(payload, bytes) else str(payload).encode()
            if _letters(content):
                yield part.get_content_maintype(), _letters(content)


def _letters(content: bytes) -> bytes:
    return re.sub(rb"\s+", b"", content)
