"""Bytes that belong to nobody, without what fills them up."""

from __future__ import annotations

from gateway.extract.signatures import looks_like_text

# Files may end in zeros of their own: a gzip file in its length, a zip file in that of its remark.
_OWN = 8


def without_padding(content: bytes, fill: bytes = b"\0") -> bytes:
    """What is between the filling; b"" where there is nothing else."""
    rest = content.strip(fill)
    if not rest or looks_like_text(rest):
        return rest
    begin = content.index(rest)
    end = begin + len(rest)
    return content[begin : end + _OWN]
