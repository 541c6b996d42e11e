"""What a directory says as bytes and back, a few entries at a time: no step of it stops mail."""

from __future__ import annotations

from itertools import chain

import msgspec

from gateway.releases.directories.records import Extract
from gateway.releases.encoding import Encoding

_AT_ONCE = 500
_ENCODER = msgspec.msgpack.Encoder()
_PIECES = msgspec.msgpack.Decoder(list[bytes])


class ExtractEncoding(Encoding[Extract]):
    """Each piece is a small extract of its own."""

    def __init__(self) -> None:
        super().__init__(Extract)

    def _pack(self, value: Extract) -> bytes:
        longest = max(len(value.accounts), len(value.listings), len(value.forwardings))
        pieces = []
        for start in range(0, longest, _AT_ONCE):
            some = slice(start, start + _AT_ONCE)
            part = Extract(value.accounts[some], value.listings[some], value.forwardings[some])
            pieces.append(super()._pack(part))
        return _ENCODER.encode(pieces)

    def _unpack(self, raw: bytes) -> Extract:
        parts = [super(ExtractEncoding, self)._unpack(piece) for piece in _PIECES.decode(raw)]
        return Extract(
            tuple(chain.from_iterable(part.accounts for part in parts)),
            tuple(chain.from_iterable(part.listings for part in parts)),
            tuple(chain.from_iterable(part.forwardings for part in parts)),
        )
