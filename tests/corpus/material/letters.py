"""The messages of the evaluation set: what people wrote, and as the bytes of a message.

- `tune` is for whoever works on the detector; `apart` is read by nobody who does, and only counted.
- A leak says of which release, of which kind it is, and how many distinct unpublished figures it
  carries: at the precision at which it gives them; 0 is a passage without any.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Literal

import yaml
from corpus.material.files import document, workbook
from corpus.material.packs import HERE, rows_of

Split = Literal["tune", "apart"]
COLLEAGUE = "new.colleague@dept.example"
"""On no list."""

_HANDS = (HERE / "hands.txt").read_text().split("\n")


@dataclass(frozen=True, slots=True)
class Letter:
    """One message. `release` is "" and `figures` 0 where it is innocent; `name` is its file and id,
    which is all that may be printed of it."""

    name: str
    split: Split
    kind: str
    release: str
    figures: int
    subject: str = field(repr=False)
    body: str = field(repr=False)
    html: str = field(repr=False)
    attachments: tuple[tuple[str, str], ...] = field(repr=False)

    @property
    def leaks(self) -> bool:
        return bool(self.release)


def letters(split: Split) -> tuple[Letter, ...]:
    return tuple(
        letter for path in sorted((HERE / split).glob("*/*.yaml")) for letter in _in(path, split)
    )


def _in(path: Path, split: Split) -> Iterator[Letter]:
    said: dict[str, Any] = yaml.load(path.read_text(), yaml.CSafeLoader)
    leaking = {"leak": True, "innocent": False}[said["label"]]
    for one in said["messages"]:
        yield Letter(
            f"{path.stem}: {one['id']}", split, one["kind"],
            one.get("release") or said["release"] if leaking else "",
            one["figures"] if leaking else 0, one["subject"], one.get("body", ""),
            one.get("html", ""),
            tuple((file["name"], file["text"]) for file in one.get("attachments", ())),
        )  # fmt: skip


def as_bytes(letter: Letter, at: datetime) -> bytes:
    """The message, from somebody in the department to a colleague."""
    number = zlib.crc32(letter.name.encode())
    hand = _HANDS[number % len(_HANDS)]
    message = EmailMessage(policy=SMTP)
    message["From"] = f"{hand} <{hand.lower().replace(' ', '.')}@dept.example>"
    message["To"] = COLLEAGUE
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{number:x}@dept.example>"
    if letter.html:
        message.set_content(letter.html, subtype="html")
    else:
        message.set_content(letter.body)
    for name, text in letter.attachments:
        _attach(message, name, text)
    return message.as_bytes()


def _attach(message: EmailMessage, name: str, text: str) -> None:
    office = "vnd.openxmlformats-officedocument"
    match Path(name).suffix:
        case ".docx":
            kind = f"{office}.wordprocessingml.document"
            message.add_attachment(document(text), "application", kind, filename=name)
        case ".xlsx":
            book = workbook([("Sheet1", "", rows_of(text))])
            message.add_attachment(
                book, "application", f"{office}.spreadsheetml.sheet", filename=name
            )
        case ".csv":
            message.add_attachment(text, subtype="csv", filename=name)
        case _:
            message.add_attachment(text, filename=name)
