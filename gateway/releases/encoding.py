"""Values of the model as bytes and back, in a form that cannot run anything.

What does not come back as it was is not written: a value that this cannot carry is read from its
file each time, and never becomes another.
"""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from gateway.model.people import Directory, Person
from gateway.model.release import Release

T = TypeVar("T")
_FASTEST = 1
_AT_ONCE = 500


class Unreadable(ValueError):
    """Bytes that are no value of the kind that was asked for."""


class Encoding(Generic[T]):
    """Bytes of values of one type, such as `Release` or `dict[str, str]`."""

    def __init__(self, kind: Any) -> None:
        self._decoder = _decoder(kind)

    def encode(self, value: T) -> bytes | None:
        """None where the value would not come back."""
        try:
            raw = zlib.compress(self._pack(value), _FASTEST)
            return raw if self.decode(raw) == value else None
        except (Unreadable, TypeError, NotImplementedError):
            return None

    def decode(self, raw: bytes) -> T:
        """Raises Unreadable."""
        try:
            return self._unpack(zlib.decompress(raw))
        except (msgspec.MsgspecError, zlib.error, ValueError, TypeError) as error:
            raise Unreadable(str(error)) from None

    def _pack(self, value: T) -> bytes:
        return _ENCODER.encode(value)

    def _unpack(self, raw: bytes) -> T:
        value: T = self._decoder.decode(raw)
        return value


class ReleaseEncoding(Encoding[Release]):
    """An instant comes back with its offset alone, and is put into its zone again."""

    def __init__(self) -> None:
        super().__init__(Release)

    def _unpack(self, raw: bytes) -> Release:
        release = super()._unpack(raw)
        return replace(release, instant=release.instant.astimezone(ZoneInfo(release.zone)))


class DirectoryEncoding(Encoding[Directory]):
    """People are written a few at a time, so that no step of reading them stops mail for long."""

    def __init__(self) -> None:
        super().__init__(Directory)
        self._pieces = _decoder(list[bytes])
        self._people = _decoder(dict[str, Person])

    def _pack(self, value: Directory) -> bytes:
        people = list(value.people.items())
        pieces = [super()._pack(replace(value, people={}))]
        for start in range(0, len(people), _AT_ONCE):
            pieces.append(_ENCODER.encode(dict(people[start : start + _AT_ONCE])))
        return _ENCODER.encode(pieces)

    def _unpack(self, raw: bytes) -> Directory:
        first, *pieces = self._pieces.decode(raw)
        people: dict[str, Person] = {}
        for piece in pieces:
            people |= self._people.decode(piece)
        return replace(super()._unpack(first), people=people)


def told(value: Any) -> bytes:
    """The same bytes for equal values, in every process: what else is read depends on them."""
    return _ORDERED.encode(value)


def _decoder(kind: Any) -> Any:
    return msgspec.msgpack.Decoder(kind, dec_hook=_from_row)


def _to_row(value: Any) -> Any:
    if isinstance(value, range) and value.step == 1:
        return [value.start, value.stop]
    raise NotImplementedError(type(value).__name__)


def _from_row(kind: type, row: Any) -> Any:
    if kind is range:
        return range(*row)
    raise NotImplementedError(kind.__name__)


_ENCODER = msgspec.msgpack.Encoder(enc_hook=_to_row)
_ORDERED = msgspec.msgpack.Encoder(enc_hook=_to_row, order="deterministic")
