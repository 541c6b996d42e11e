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

from gateway.model.release import Release

T = TypeVar("T")
_FASTEST = 1


class Unreadable(ValueError):
    """Bytes that are no value of the kind that was asked for."""


class Encoding(Generic[T]):
    """Bytes of values of one type, such as `Release` or `dict[str, str]`."""

    def __init__(self, kind: Any) -> None:
        self._decoder = msgspec.msgpack.Decoder(kind, dec_hook=_from_row)

    def encode(self, value: T) -> bytes | None:
        """None where the value would not come back."""
        try:
            raw = zlib.compress(_ENCODER.encode(value), _FASTEST)
            return raw if self.decode(raw) == value else None
        except (Unreadable, TypeError, NotImplementedError):
            return None

    def decode(self, raw: bytes) -> T:
        """Raises Unreadable."""
        try:
            value: T = self._decoder.decode(zlib.decompress(raw))
        except (msgspec.MsgspecError, zlib.error, ValueError, TypeError) as error:
            raise Unreadable(str(error)) from None
        return _in_its_zone(value)


def told(value: Any) -> bytes:
    """The same bytes for equal values, in every process: what else is read depends on them."""
    return _ORDERED.encode(value)


def _in_its_zone(value: T) -> T:
    """The instant of a release comes back with its offset alone."""
    if not isinstance(value, Release):
        return value
    return replace(value, instant=value.instant.astimezone(ZoneInfo(value.zone)))


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
