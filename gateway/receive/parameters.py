"""The ESMTP parameters of MAIL and RCPT: checked, and kept as the client spelt them (law 7).

Only what EHLO announced is known: SIZE (RFC 1870), BODY (RFC 6152), SMTPUTF8 (RFC 6531), RET,
ENVID, NOTIFY, ORCPT (RFC 3461) and, where AUTH is offered, AUTH (RFC 4954 section 5). Anything
else is 555.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gateway.model.xtext import is_xtext
from gateway.receive import replies
from gateway.receive.replies import Refused

# RFC 5321 section 4.1.2; the value may be UTF-8 (RFC 6531 section 3.3).
_PARAMETER = re.compile(
    "(?P<keyword>[A-Za-z0-9][A-Za-z0-9-]*)(?:=(?P<value>[!-<>-~\u00a0-\u2027\u202a-\U0010ffff]+))?"
)
_SIZE = re.compile(r"[0-9]{1,20}")
_ADDRESS_TYPE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+")
_NOTIFY = {"SUCCESS", "FAILURE", "DELAY"}
MAX_ENVID = 100  # RFC 3461 section 4.4
MAX_ORCPT = 500  # section 4.2


@dataclass(frozen=True, slots=True)
class MailParameters:
    """`options` as received; what the receiving side itself must know beside them."""

    options: tuple[str, ...] = ()
    size: int = 0
    smtputf8: bool = False


NO_PARAMETERS = MailParameters()


def mail_parameters(text: str, auth_offered: bool) -> MailParameters:
    """Check the parameters of MAIL. Raises Refused."""
    size, smtputf8 = 0, False
    tokens, pairs = _pairs(text)
    for keyword, value in pairs:
        if keyword == "SIZE":
            if value is None or not _SIZE.fullmatch(value):
                raise Refused(replies.BAD_PARAMETER)
            size = int(value)
        elif keyword == "BODY":
            if value is None or value.upper() not in ("7BIT", "8BITMIME"):
                raise Refused(replies.BAD_PARAMETER)
        elif keyword == "SMTPUTF8":
            if value is not None:
                raise Refused(replies.BAD_PARAMETER)
            smtputf8 = True
        elif keyword == "RET":
            if value is None or value.upper() not in ("FULL", "HDRS"):
                raise Refused(replies.BAD_PARAMETER)
        elif keyword == "ENVID":
            if value is None or len(value) > MAX_ENVID or not is_xtext(value):
                raise Refused(replies.BAD_PARAMETER)
        elif keyword == "AUTH" and auth_offered:
            if value is None or not is_xtext(value):
                raise Refused(replies.BAD_PARAMETER)
        else:
            raise Refused(replies.UNKNOWN_PARAMETER)
    return MailParameters(tokens, size, smtputf8)


def recipient_parameters(text: str, smtputf8: bool) -> tuple[str, ...]:
    """Check the parameters of RCPT and return them as received. Raises Refused."""
    tokens, pairs = _pairs(text)
    for keyword, value in pairs:
        if keyword == "NOTIFY":
            if value is None or not _is_notify(value):
                raise Refused(replies.BAD_PARAMETER)
        elif keyword == "ORCPT":
            if value is None or not _is_original_recipient(value, smtputf8):
                raise Refused(replies.BAD_PARAMETER)
        else:
            raise Refused(replies.UNKNOWN_PARAMETER)
    return tokens


def _pairs(text: str) -> tuple[tuple[str, ...], list[tuple[str, str | None]]]:
    tokens = tuple(text.split())
    pairs: list[tuple[str, str | None]] = []
    seen: set[str] = set()
    for token in tokens:
        match = _PARAMETER.fullmatch(token)
        if match is None:
            raise Refused(replies.BAD_PARAMETER)
        keyword = match["keyword"].upper()
        if keyword in seen:
            raise Refused(replies.BAD_PARAMETER)
        seen.add(keyword)
        pairs.append((keyword, match["value"]))
    return tokens, pairs


def _is_notify(value: str) -> bool:
    """RFC 3461 section 4.1: NEVER alone, or a list of the others without repeats."""
    events = value.upper().split(",")
    return events == ["NEVER"] or (set(events) <= _NOTIFY and len(set(events)) == len(events))


def _is_original_recipient(value: str, smtputf8: bool) -> bool:
    """RFC 3461 section 4.2; RFC 6533 section 3 lets `utf-8` addresses stand as they are."""
    kind, separator, address = value.partition(";")
    if not separator or not _ADDRESS_TYPE.fullmatch(kind) or len(value.encode()) > MAX_ORCPT:
        return False
    if smtputf8 and kind.lower() == "utf-8":
        address = "".join(char for char in address if char.isascii()) or "x"
    return is_xtext(address)
