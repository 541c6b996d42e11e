"""What one entity's MIME fields say it is: type, encoding, disposition, name, role.

Fields given twice with different values are believed once and reported: another program may
believe the other one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from gateway.model.picture import is_picture
from gateway.parse.parameters import Value, read_disposition, read_type
from gateway.parse.words import unfold

STRUCTURAL = frozenset(
    (b"content-type", b"content-transfer-encoding", b"content-disposition", b"content-id",
     b"mime-version", b"content-length", b"content-md5", b"lines")
)  # fmt: skip
_PLAIN = Value("text/plain")
_ABSENT = Value("")


USUAL = 100


@dataclass(frozen=True, slots=True)
class Entity:
    """`doubts` are sentences about contradictions between or inside the fields."""

    type: Value
    encoding: str = ""
    disposition: Value = _ABSENT
    content_id: bool = False
    doubts: tuple[str, ...] = ()

    @property
    def name(self) -> str | None:
        # RFC 2183 section 2.3; the rest is what mail programs fall back to.
        return (
            self.disposition.get("filename")
            or self.type.get("name")
            or self.type.get("filename")
            or self.disposition.get("name")
        )

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        other = self.disposition.get("filename")
        if other and other != self.type.get("name"):
            return (*self.type.parameters, ("filename", other))
        return self.type.parameters

    def role(self, content: bytes) -> Literal["body", "attachment", "inline"]:
        """Only what is a picture by its label and by its bytes can be part of the text's looks:
        a Content-ID alone is no reason to treat a file as less than one."""
        main = self.type.main
        if self.disposition.main == "attachment":
            return "attachment"
        if not self.name and main.startswith("text/"):
            return "body"
        inline = self.content_id or self.disposition.main == "inline"
        if inline and main.startswith("image/") and is_picture(content):
            return "inline"
        return "attachment"


def read_entity(fields: tuple[tuple[bytes, bytes], ...], default: str) -> Entity:
    """`default` is the type where none is given (RFC 2045 section 5.2, RFC 2046 section 5.1.5)."""
    found: dict[bytes, list[bytes]] = {}
    for name, body in fields:
        lowered = name.lower()
        if lowered in STRUCTURAL:
            found.setdefault(lowered, []).append(body)
    if not found:
        return Entity(_PLAIN if default == "text/plain" else Value(default))
    doubts: list[str] = []
    return Entity(
        _type(found.get(b"content-type", []), default, doubts),
        _encoding(found.get(b"content-transfer-encoding", []), doubts),
        _disposition(found.get(b"content-disposition", []), doubts),
        b"content-id" in found,
        tuple(doubts),
    )


@lru_cache(maxsize=512)
def _usual(body: bytes) -> Value:
    """Most messages of a department use the same few fields, letter by letter."""
    return read_type(body)


def _type(bodies: list[bytes], default: str, doubts: list[str]) -> Value:
    if not bodies:
        return Value(default)
    values = [_usual(body) if len(body) <= USUAL else read_type(body) for body in bodies]
    if any(value != values[0] for value in values[1:]):
        doubts.append("several Content-Type fields that disagree")
    # Taking it apart shows more than reading it as one text.
    chosen = next((v for v in values if v.main.startswith("multipart/")), values[0])
    if {"boundary", "charset"} & set(chosen.doubled):
        doubts.append("a Content-Type parameter given twice with different values")
    if not chosen.main:
        return Value("text/plain", chosen.parameters, chosen.doubled)
    return chosen


def _encoding(bodies: list[bytes], doubts: list[str]) -> str:
    if not bodies:
        return ""
    values = [unfold(body).partition(";")[0].strip(" \t\"'").lower() for body in bodies]
    if any(value != values[0] for value in values[1:]):
        doubts.append("several Content-Transfer-Encoding fields that disagree")
    return values[0].partition("(")[0].strip()


def _disposition(bodies: list[bytes], doubts: list[str]) -> Value:
    if not bodies:
        return _ABSENT
    values = [read_disposition(body) for body in bodies]
    return next((v for v in values if v.get("filename")), values[0])
