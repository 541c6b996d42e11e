"""What people or programs may have written into a message's header, as texts to look through.

The same fields count for the message itself and for messages attached to it, in whatever they are
packed.
"""

from __future__ import annotations

import re
from typing import Iterable
from urllib.parse import unquote

from gateway.model.content import Text
from gateway.model.message import Header, Location

_PLUMBING_HEADERS = frozenset(
    "received bcc date message-id in-reply-to references mime-version "
    "content-type content-transfer-encoding content-disposition content-id content-language "
    "dkim-signature arc-seal arc-message-signature arc-authentication-results return-path "
    "authentication-results received-spf list-unsubscribe x-received "
    "thread-index autocrypt domainkey-signature delivered-to".split()
)
# Where a saved page had its files: words with bars or codes between them.
_LOCATIONS = frozenset(("content-location", "content-base", "snapshot-content-location"))
# Parameters in quotation marks; names of files are read elsewhere, and boundaries say nothing.
_PARAMETER = re.compile(r";\s{0,100}([\w*.-]{1,100})\s{0,9}=\s{0,9}\"([^\"]{1,20000})\"")
_NAMES = frozenset(
    ("boundary", "charset", "name", "filename", "type", "protocol", "micalg", "start")
)
_ADDRESS_HEADERS = frozenset(("from", "to", "cc", "reply-to", "sender"))


def header_texts(headers: Iterable[Header]) -> list[Text]:
    """Subject and whatever else people or programs may have written into the header."""
    texts = []
    for header in headers:
        name = header.name.lower()
        if name in _ADDRESS_HEADERS:
            names = _display_names(header.value)
            if names:
                texts.append(Text(Location(header.part, None, f"header {header.name}"), names))
        elif name in _LOCATIONS:
            words = unquote(header.value).replace("_", " ")
            texts.append(Text(Location(header.part, None, f"header {header.name}"), words))
        elif name not in _PLUMBING_HEADERS:
            where = "subject" if name == "subject" else f"header {header.name}"
            texts.append(Text(Location(header.part, None, where), header.value))
        elif name in ("content-type", "content-disposition"):
            words = "\n".join(
                v for k, v in _PARAMETER.findall(header.value) if k.lower() not in _NAMES
            )
            if words:
                where = f"parameters of {header.name}"
                texts.append(Text(Location(header.part, None, where), words))
    return texts


def _display_names(value: str) -> str:
    """What people may write beside the addresses, in one pass however long the field."""
    words = value.replace("<", " <").replace(",", " ").split()
    return " ".join([word for word in words if "@" not in word])
