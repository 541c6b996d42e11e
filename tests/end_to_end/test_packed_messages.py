"""What is written into a message counts in whatever the message is packed."""

from __future__ import annotations

import base64
import struct
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support import outlook_items as items
from support.archives import zipped

from gateway.cli.setting import load_setting
from gateway.live import opened_inspector
from gateway.model.session import Envelope, Recipient, Session

CONFIG = Path(__file__).resolve().parents[2] / "config.example.yaml"
NOTICE = "RESTRICTED UNTIL PUBLISHED AT 9:30AM ON WEDNESDAY 28 MARCH 2018"
NOW = datetime(2018, 3, 27, 9, tzinfo=UTC)
ROWS = "person_id,age,sex,postcode,income\n" + "".join(
    f"{1000 + i * 7},{20 + i * 13 % 60},{1 + i % 2},AB{i % 9} {i % 7}CD,{9000 + i * 917 % 30000}\n"
    for i in range(80)
)
TEXT, BINARY, NUMBER = items.PLAIN_TEXT, items.BINARY, items.NUMBER


def coded(content: bytes) -> str:
    return base64.encodebytes(content).decode()


def message(subject: str, body: str, *files: tuple[str, bytes]) -> bytes:
    parts = [f"--b\nContent-Type: text/plain\n\n{body}\n"]
    parts += [
        f"--b\nContent-Type: application/octet-stream; name={name}\nContent-Disposition: attachment; "
        f"filename={name}\nContent-Transfer-Encoding: base64\n\n{coded(content)}"
        for name, content in files
    ]
    head = "From: S. Field <s.field@dept.example>\nTo: x@webmail.example\nMIME-Version: 1.0\n"
    head += f"Subject: {subject}\nContent-Type: multipart/mixed; boundary=b\n\n"
    return (head + "".join(parts) + "--b--\n").replace("\n", "\r\n").encode()


def mailbox(content: bytes) -> bytes:
    return b"From a@dept.example Mon Jan  1 00:00:00 2024\n" + content + b"\n"


def outlook(subject: str, body: str, *files: tuple[str, bytes]) -> bytes:
    inside: dict[str, Any] = {}
    for index, (name, content) in enumerate(files):
        properties = {(0x3701, BINARY): content, (0x3707, TEXT): name, (0x3705, NUMBER): 1}
        inside[f"__attach_version1.0_#{index:08X}"] = items.storage(8, properties)
    bodies = {(0x37, TEXT): subject, (0x1000, TEXT): body}
    return items.compound(items.storage(32, bodies, **inside))


def winmail(subject: str, body: str, *files: tuple[str, bytes]) -> bytes:
    attributes = [
        items.attribute(0x00018004, subject.encode() + b"\0"),
        items.attribute(0x0002800C, body.encode() + b"\0"),
    ]
    for name, content in files:
        attributes += [
            items.attribute(0x00069002, struct.pack("<H12x", 1), 2),
            items.attribute(0x00018010, name.encode() + b"\0", 2),
            items.attribute(0x0006800F, content, 2),
        ]
    return items.tnef(*attributes)


PACKINGS = {
    "eml": ("inner.eml", message), "no name": ("notes.txt", message),
    "zip": ("a.zip", lambda *given: zipped({"inner.dat": message(*given)})),
    "mbox": ("mails", lambda *given: mailbox(message(*given))),
    "msg": ("inner.msg", outlook), "winmail": ("winmail.dat", winmail),
    "msg in a zip": ("a.zip", lambda *given: zipped({"inner.dat": outlook(*given)})),
    "eml in msg": ("o.msg", lambda *given: outlook("x", "y", ("i.eml", message(*given)))),
    "msg in eml": ("o.eml", lambda *given: message("x", "y", ("i.msg", outlook(*given)))),
}  # fmt: skip


async def found_in(raw: bytes) -> set[str]:
    async with opened_inspector(load_setting(CONFIG)) as inspector:
        envelope = Envelope("s.field@dept.example", (Recipient("x@webmail.example"),))
        inspection = await inspector.inspect(Session("127.0.0.1"), envelope, raw, NOW)
    assert not inspection.case.gaps
    return {finding.kind for finding in inspection.case.findings}


@pytest.mark.parametrize("packing", PACKINGS)
async def test_a_notice_and_records_are_found_however_the_message_is_packed(packing: str) -> None:
    name, pack = PACKINGS[packing]
    inner = (NOTICE, "see above", ("rows.csv", ROWS.encode()))
    kinds = await found_in(message("Papers", "Here they are.", (name, pack(*inner))))
    assert {"embargo-banner", "microdata"} <= kinds


@pytest.mark.parametrize("packing", PACKINGS)
async def test_a_notice_in_the_body_of_a_packed_message_is_found(packing: str) -> None:
    name, pack = PACKINGS[packing]
    outer = message("Papers", "Here they are.", (name, pack("x", f"{NOTICE}\n\nAs promised.\n")))
    assert "embargo-banner" in await found_in(outer)


async def test_the_labels_of_a_packed_message_are_read() -> None:
    inner = message("x", "y").replace(
        b"MIME-Version", b"X-Protective-Marking: SEC=PROTECTED\r\nMIME-Version"
    )
    assert "marking" in await found_in(
        message("Papers", "Here.", ("a.zip", zipped({"inner.dat": inner})))
    )
