"""Messages packed as files are taken apart as the message itself is, headers and all."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from support.archives import zipped

from gateway.extract import detect_type, read_part
from gateway.model.limits import ReadLimits
from gateway.model.message import Part

ROWS = b"id,age,sex\n" + b"".join(b"%d,%d,%d\n" % (i, 20 + i, i % 2) for i in range(12))
HEAD = b"From: S. Field <s.field@dept.example>\nTo: a@dept.example\nSubject: Papers\nX-Notice: EMBARGO\n"
MIME = HEAD + b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n" + (
    b"--b\n\nHello\n--b\nContent-Type: text/csv; name=rows.csv\nContent-Transfer-Encoding: base64\n\n"
    + base64.encodebytes(ROWS) + b"--b--\n"
)  # fmt: skip


@pytest.mark.parametrize(
    ("content", "kind", "name"),
    [
        (MIME, "application/octet-stream", "a.eml"), (MIME, "text/plain", "notes.txt"),
        (MIME, "message/global", None), (MIME.replace(b"\n", b"\r\n"), "application/octet-stream", None),
        (MIME.decode().encode("utf-16"), "application/octet-stream", "a.eml"),
        (b"\xef\xbb\xbf" + MIME, "application/octet-stream", "a.eml"),
        (b"From x Mon Jan  1 00:00:00 2024\n" + MIME, "text/plain", "a.txt"),
        (MIME.replace(b"Hello", b"Hel\0\1\2\3" * 300), "application/octet-stream", "a.bin"),
    ],
)  # fmt: skip
def test_an_attached_message_is_read(nested: Any, content: bytes, kind: str, name: str) -> None:
    found = nested(content, kind, name=name)
    assert found.tables[0].rows[0] == ["id", "age", "sex"]
    assert found.at("subject") == "Papers" and found.at("header X-Notice") == "EMBARGO"
    assert found.at("header From") == "S. Field"


def test_a_page_saved_with_its_pictures_is_read(nested: Any) -> None:
    page = (
        b"From: <Saved by a browser>\nSnapshot-Content-Location: http://dept.example/\nSubject: t\n"
        b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n"
        b"Content-Transfer-Encoding: quoted-printable\n\n<p>EM=\nBARGO</p>\n--b--\n"
    )
    for name in ("page.mht", "page.txt"):
        assert "EMBARGO" in nested(page, "application/octet-stream", name=name).text


def test_a_note_that_begins_as_a_message_keeps_every_line(nested: Any) -> None:
    note = b"From: the team\nTo: all\nDate: EMBARGO\nSubject: x\nand so on\n"
    found = nested(note, "text/plain", name="note.txt")
    assert "EMBARGO" in found.text and "and so on" in found.text and not found.gaps


def test_gaps_of_the_parser_are_passed_on(nested: Any) -> None:
    broken = MIME.replace(b"boundary=b", b"boundary=other")
    found = nested(broken, "application/octet-stream", name="a.eml")
    assert "unreadable" in found.reasons and all(
        g.location.part.startswith("2") for g in found.gaps
    )


def test_a_message_in_an_archive_in_a_message_is_read(nested: Any) -> None:
    packed = zipped({"inner.eml": MIME})
    outer = (
        HEAD + b"Content-Type: application/zip; name=a.zip\nContent-Transfer-Encoding: base64\n\n"
    )
    found = nested(outer + base64.encodebytes(packed), "application/octet-stream", name="outer.eml")
    assert found.tables and len(found.at("subject").split()) == 2


def test_messages_in_messages_end_at_the_limit(nested: Any) -> None:
    content = MIME
    for _ in range(12):
        coded = base64.encodebytes(zipped({"m.eml": content}))
        content = (
            HEAD + b"Content-Type: application/zip\nContent-Transfer-Encoding: base64\n\n" + coded
        )
    assert "limit" in nested(content, "application/octet-stream", name="a.eml").reasons


def mailbox(*messages: bytes) -> bytes:
    return b"".join(
        b"From a@dept.example Mon Jan  1 00:00:00 2024\n" + m + b"\n\n" for m in messages
    )


def test_every_message_of_a_mailbox_is_read(nested: Any) -> None:
    first = HEAD + b"\nHello\n>From here on: EMBARGO\n\nFrom the team, no new message\n"
    found = nested(mailbox(first, MIME, HEAD + b"\nlast one\n"), name="mails.mbox")
    assert found.tables and "last one" in found.text and not found.gaps
    assert "From here on" in found.text and "no new message" in found.text
    assert found.at("subject").count("Papers") == 3


def test_a_mailbox_of_too_many_messages_ends_with_one_gap(nested: Any) -> None:
    found = nested(mailbox(*[HEAD + b"\nx\n"] * 50), limits=ReadLimits(entries=10))
    assert [gap.reason for gap in found.gaps] == ["limit"]


def test_without_a_parser_a_message_is_text_with_a_gap() -> None:
    part = Part("2", "message/rfc822", "attachment", MIME)
    contents = list(read_part(part, ReadLimits()))
    assert {getattr(c, "reason", "") for c in contents} >= {"no-reader"}


@pytest.mark.parametrize(
    "text",
    [
        b"name: x\nvalue: y\nsize: 3\n",
        b"Dear all,\nFrom: a\n",
        b"a,b\n1,2\n",
        b"To: all\n\nhello\n",
    ],
)
def test_ordinary_text_is_no_message(text: bytes) -> None:
    assert detect_type(Part("2", "text/plain", "attachment", text, "a.txt")) != "message/rfc822"
