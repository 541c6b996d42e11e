"""Rows that stand in the folds of a header field, which unfolding would make one line of."""

from __future__ import annotations

from collections import Counter

_LEAST_ROWS = 5
_DELIMITERS = b",;\t|"
# Fields of the mail system's own: addresses, identifiers and signatures in many folds are usual.
_USUAL = frozenset(
    b"from to cc bcc sender reply-to received references in-reply-to content-type dkim-signature"
    b" domainkey-signature arc-seal arc-message-signature arc-authentication-results autocrypt"
    b" authentication-results content-disposition".split()
)


def folded_rows(name: bytes, body: bytes) -> bytes:
    """The field's lines, where most are cut into as many cells as each other; b"" otherwise."""
    if body.count(b"\n") < _LEAST_ROWS or name.lower() in _USUAL:
        return b""
    lines = [line.strip(b" \r") for line in body.replace(b"\r\n", b"\n").split(b"\n")]
    rows = [line for line in lines if line.strip()]
    for delimiter in _DELIMITERS:
        cells, times = Counter(row.count(delimiter) for row in rows).most_common(1)[0]
        if cells >= 2 and times >= _LEAST_ROWS and times * 4 >= len(rows) * 3:
            return b"\r\n".join(rows)
    return b""
