"""XFORWARD: a listed peer tells who the original client was (Postfix XFORWARD_README).

Values are kept decoded, to be passed on. `[UNAVAILABLE]` and `[TEMPUNAVAIL]` mean that the peer
does not know. Nothing here decides who may relay: that is the peer's own address.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Mapping

from gateway.model.xtext import decode_xtext
from gateway.receive import replies
from gateway.receive.replies import Refused

ATTRIBUTES = ("NAME", "ADDR", "PORT", "PROTO", "HELO", "IDENT", "SOURCE")
UNKNOWN = ("[UNAVAILABLE]", "[TEMPUNAVAIL]")
MAX_VALUE = 255

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_UNSAFE = re.compile(r"[^!-~]|[()<>\\;\"]")


def parse_xforward(arg: str) -> Mapping[str, str]:
    """The attributes of one XFORWARD command. Raises Refused."""
    attributes: dict[str, str] = {}
    for token in arg.split():
        name, separator, encoded = token.partition("=")
        name = name.upper()
        if not separator or name in attributes:
            raise Refused(replies.BAD_PARAMETER)
        if name not in ATTRIBUTES:
            raise Refused(replies.UNKNOWN_PARAMETER)
        value = decode_xtext(encoded)
        if value is None or len(value) > MAX_VALUE or _CONTROL.search(value):
            raise Refused(replies.BAD_PARAMETER)
        if not _acceptable(name, value):
            raise Refused(replies.BAD_PARAMETER)
        attributes[name] = value
    return attributes


def _acceptable(name: str, value: str) -> bool:
    if value in UNKNOWN:
        return True
    if name == "ADDR":
        return plain_address(value) is not None
    if name == "PORT":
        return value.isascii() and value.isdigit() and int(value) < 65536
    if name == "SOURCE":
        return value.upper() in ("LOCAL", "REMOTE")
    return True


def plain_address(value: str) -> str | None:
    """`192.0.2.1` or `IPV6:2001:db8::1` as an IP address, or None where it is neither."""
    if value[:5].upper() == "IPV6:":
        value = value[5:]
    try:
        return str(ip_address(value))
    except ValueError:
        return None


def known(attributes: Mapping[str, str], name: str) -> str | None:
    """The attribute's value, or None where the peer did not know it."""
    value = attributes.get(name)
    return None if value is None or value in UNKNOWN else value


def neuter(name: str) -> str:
    """A host name as clients claim it, fit for a Received line: what could end a comment or a
    field there becomes a question mark."""
    return _UNSAFE.sub("?", name[:MAX_VALUE])
