"""What a CMS container holds in the clear: signed and compressed content (RFC 5652, RFC 3274).

A walk over BER lengths, definite and indefinite, that takes out one octet string; certificates,
signatures and keys are not looked at, and nothing is verified.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

_DATA = bytes.fromhex("2a864886f70d0107")
SIGNED, ENVELOPED = _DATA + b"\x02", _DATA + b"\x03"
_SMIME = bytes.fromhex("2a864886f70d01091001")
COMPRESSED, AUTH_ENVELOPED = _SMIME + b"\x09", _SMIME + b"\x17"
_SEQUENCE, _OCTETS, _OBJECT_ID, _CONTENT = 0x30, 0x04, 0x06, 0xA0
# Certificates and signatures of several people fit in; tables do not.
MAX_AROUND = 65_536
_MAX_DEPTH = 20
_MAX_PIECES = 200_000


class Damaged(Exception):
    """The bytes do not follow the lengths they give."""


@dataclass(frozen=True, slots=True)
class Element:
    """One tag and where its content lies; `stop` is behind any end-of-contents octets."""

    tag: int
    start: int
    end: int
    stop: int


@dataclass(frozen=True, slots=True)
class Opened:
    """`kind` is the dotted-less identifier of the outer content; `content` what it holds, None
    where it holds nothing or nothing in the clear."""

    kind: bytes
    content: bytes | None
    fault: str = ""


def open_cms(raw: bytes, most: int) -> Opened:
    """Raises Damaged."""
    outer = _element(raw, 0, len(raw), 0)
    opened = _inside(raw, outer, most)
    behind = raw[outer.stop :].strip(b"\0\r\n")
    large = opened.kind == SIGNED and len(raw) - len(opened.content or b"") > MAX_AROUND
    if not opened.fault and opened.kind in (SIGNED, COMPRESSED) and (behind or large):
        return Opened(opened.kind, opened.content, "more around the content than signatures")
    return opened


def _inside(raw: bytes, outer: Element, most: int) -> Opened:
    kind, body = _typed(raw, outer)
    if kind not in (SIGNED, COMPRESSED) or body is None:
        return Opened(kind, None)
    for element in _children(raw, body):
        # Versions and algorithms come first; encapContentInfo is the sequence with an identifier
        # and a content, or without one where the signature is detached.
        if element.tag != _SEQUENCE:
            continue
        inner, content = _typed(raw, element, lenient=True)
        if not inner or (kind == COMPRESSED and inner == _SMIME[:-1] + b"\x03\x08"):
            continue
        if content is None:
            return Opened(kind, None)
        octets = _octets(raw, content)
        return _inflated(octets, most) if kind == COMPRESSED else Opened(kind, octets)
    return Opened(kind, None)


def _inflated(octets: bytes, most: int) -> Opened:
    engine = zlib.decompressobj()
    try:
        content = engine.decompress(octets, most)
    except zlib.error:
        return Opened(COMPRESSED, None, "damaged compressed content")
    fault = "" if engine.eof else "the compressed content ends too early, or is larger than is read"
    return Opened(COMPRESSED, content, fault)


def _typed(raw: bytes, element: Element, lenient: bool = False) -> tuple[bytes, Element | None]:
    """An identifier, and the element behind its explicit tag."""
    if element.tag != _SEQUENCE:
        raise Damaged
    inside = _children(raw, element)
    if not inside or inside[0].tag != _OBJECT_ID:
        if lenient:
            return b"", None
        raise Damaged
    kind = raw[inside[0].start : inside[0].end]
    if len(inside) < 2 or inside[1].tag != _CONTENT:
        return kind, None
    wrapped = _children(raw, inside[1])
    return kind, wrapped[0] if wrapped else None


def _octets(raw: bytes, element: Element) -> bytes:
    """An octet string, in one piece or in several (X.690 section 8.7)."""
    if element.tag == _OCTETS:
        return raw[element.start : element.end]
    if element.tag == _OCTETS | 0x20:
        return b"".join(_octets(raw, piece) for piece in _children(raw, element))
    return raw[element.start : element.end]  # PKCS #7 version 1.5: any type may stand here


def _children(raw: bytes, element: Element) -> list[Element]:
    found: list[Element] = []
    position = element.start
    while position < element.end:
        child = _element(raw, position, element.end, 0)
        found.append(child)
        position = child.stop
        if len(found) > _MAX_PIECES:
            raise Damaged
    return found


def _element(raw: bytes, position: int, end: int, depth: int) -> Element:
    if position + 2 > end or depth > _MAX_DEPTH:
        raise Damaged
    tag, length = raw[position], raw[position + 1]
    if tag & 0x1F == 0x1F:
        raise Damaged  # no tag of CMS needs several octets
    start = position + 2
    if length == 0x80:
        position, pieces = start, 0
        while raw[position : position + 2] != b"\0\0":
            position = _element(raw, position, end, depth + 1).stop
            pieces += 1
            if pieces > _MAX_PIECES:
                raise Damaged
        return Element(tag, start, position, position + 2)
    if length & 0x80:
        count = length & 0x7F
        if count > 8 or start + count > end:
            raise Damaged
        length = int.from_bytes(raw[start : start + count], "big")
        start += count
    if start + length > end:
        raise Damaged
    return Element(tag, start, start + length, start + length)
