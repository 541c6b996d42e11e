"""xtext, the encoding of parameter values (RFC 3461 section 4)."""

from __future__ import annotations

import re

# The grammar has upper-case hex digits only; Postfix and others read both.
_XTEXT = re.compile(r"(?:[!-*,-<>-~]|\+[0-9A-Fa-f]{2})+")
_UNSAFE = re.compile(rb"[^!-*,-<>-~]")
_ESCAPE = re.compile(rb"\+([0-9A-Fa-f]{2})")


def is_xtext(value: str) -> bool:
    """Whether the value is xtext of at least one character."""
    return _XTEXT.fullmatch(value) is not None


def encode_xtext(value: str) -> str:
    """The text as xtext of its UTF-8; what is no Unicode becomes `?`."""
    raw = value.encode("utf-8", "replace")
    return _UNSAFE.sub(lambda match: b"+%02X" % match[0][0], raw).decode("ascii")


def decode_xtext(value: str) -> str | None:
    """The text behind an xtext value, or None where it is no xtext or not UTF-8."""
    if not is_xtext(value):
        return None
    raw = _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), value.encode("ascii"))
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
