"""The merged index of all registered documents: one file that every reading process maps.

- It holds sorted keyed digests and their entries, public documents among them, and nothing that a
  key would have to open while mail waits. Names and places are sealed.
- `build` and `open_index` are each other's inverse; a file that was changed in any bit fails `check`.
"""

from __future__ import annotations

import mmap
import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from gateway.model.keyed import DIGEST
from gateway.model.material import (
    CONTEXT,
    FIGURE,
    PHRASE,
    Digesters,
    Document,
    DocumentPrints,
    Material,
    Prints,
)  # fmt: skip
from gateway.releases.material.document import Registered
from gateway.releases.material.sealing import ID_BYTES, SALT_BYTES, Box, MaterialKey, new_salt
from gateway.releases.material.unavailable import MaterialUnavailable

_MAGIC = b"MATERIAL 1 INDEX"
_LENGTH = struct.Struct("<Q")
_FIXED = len(_MAGIC) + ID_BYTES + SALT_BYTES + _LENGTH.size
_ALIGNED = 64
_SECTIONS = ("phrases", "phrase entries", "figures", "figure entries", "context", "places")
_OPEN_PLACES = 64
"""Documents whose places a process remembers."""

Arrays = tuple[NDArray[np.uint64], NDArray[np.void]]


class _Listed(msgspec.Struct, frozen=True, array_like=True):
    """A document; `start` and `size` say where its sealed places stand among the places."""

    release: str
    id: str
    name: str
    public: bool
    start: int
    size: int


class _Head(msgspec.Struct, frozen=True):
    """`sizes` are those of the sections in bytes, `witness` the keyed digest of all of them."""

    documents: list[_Listed]
    sizes: list[int]
    witness: bytes


def build(documents: Sequence[tuple[Registered, DocumentPrints]], key: MaterialKey) -> list[bytes]:
    """The file of the index, in pieces."""
    box_salt = new_salt()
    box = key.box(box_salt)
    listed, sealed, start = [], [], 0
    for about, prints in documents:
        places = box.seal(f"places\0{about.id}", msgspec.json.encode(prints.places))
        listed.append(
            _Listed(about.release, about.id, about.name, about.public, start, len(places))
        )
        sealed.append(places)
        start += len(places)
    phrases = _merged(PHRASE, [prints.phrases for _, prints in documents])
    figures = _merged(FIGURE, *_with_contexts([prints for _, prints in documents]))
    sections = (
        phrases[0].tobytes(), phrases[1].tobytes(), figures[0].tobytes(), figures[1].tobytes(),
        b"".join(prints.context for _, prints in documents), b"".join(sealed),
    )  # fmt: skip
    body = b"".join(piece for section in sections for piece in (section, _padding(len(section))))
    head = _Head(listed, [len(section) for section in sections], key.witness(body))
    closed = box.seal("head", msgspec.json.encode(head))
    front = b"".join((_MAGIC, key.id, box_salt, _LENGTH.pack(len(closed)), closed))
    return [front, _padding(len(front)), body]


def _merged(
    entry: np.dtype[np.void], pieces: Sequence[tuple[bytes, bytes]],
    offsets: Sequence[int] | None = None,
) -> Arrays:  # fmt: skip
    """All digests in order, and their entries with the number of their document; `offsets` are
    added to the `context` of each document's."""
    digests, entries = [], []
    for number, (keys, values) in enumerate(pieces):
        rows = np.frombuffer(values, entry).copy()
        rows["document"] = number
        if offsets is not None:
            rows["context"] += np.uint32(offsets[number])
        digests.append(np.frombuffer(keys, DIGEST))
        entries.append(rows)
    if not pieces:
        return np.empty(0, DIGEST), np.empty(0, entry)
    joined, values_ = np.concatenate(digests), np.concatenate(entries)
    order = np.argsort(joined, kind="stable")
    return joined[order], values_[order]


def _with_contexts(
    documents: Sequence[DocumentPrints],
) -> tuple[list[tuple[bytes, bytes]], list[int]]:
    sizes = [len(prints.context) // CONTEXT.itemsize for prints in documents]
    offsets = [sum(sizes[:number]) for number in range(len(sizes))]
    return [prints.figures for prints in documents], offsets


def _padding(size: int) -> bytes:
    return bytes(-size % _ALIGNED)


@dataclass(frozen=True, slots=True)
class Index:
    """The index as one process has it mapped."""

    documents: tuple[tuple[str, str], ...]
    material: Material
    _body: memoryview
    _witness: bytes
    _key: MaterialKey

    def check(self) -> None:
        """Read all of it. Raises MaterialUnavailable where a bit of it was changed."""
        if self._key.witness(self._body) != self._witness:
            raise MaterialUnavailable("the index is damaged, or was changed")


def open_index(path: Path, key: MaterialKey) -> Index:
    """Map the index; nothing but its head is read. Raises MaterialUnavailable."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size < _FIXED:
                raise MaterialUnavailable("the index is cut short")
            view = memoryview(mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ))
    except FileNotFoundError:
        raise MaterialUnavailable("the index is missing") from None
    except OSError as error:
        raise MaterialUnavailable(f"the index cannot be read: {error.strerror}") from None
    if view[: len(_MAGIC)] != _MAGIC:
        raise MaterialUnavailable("the index is damaged, or of another edition of the gateway")
    at = len(_MAGIC)
    if view[at : at + ID_BYTES] != key.id:
        raise MaterialUnavailable("the key file is not the one that the index was sealed with")
    salt = bytes(view[at + ID_BYTES :][:SALT_BYTES])
    (length,) = _LENGTH.unpack_from(view, _FIXED - _LENGTH.size)
    if length > size - _FIXED:
        raise MaterialUnavailable("the index is cut short")
    box = key.box(salt)
    try:
        head = msgspec.json.decode(
            box.open("head", bytes(view[_FIXED : _FIXED + length])), type=_Head
        )
    except MaterialUnavailable:
        raise MaterialUnavailable("the index is damaged, or was changed") from None
    except msgspec.MsgspecError:
        raise MaterialUnavailable("the index is of another edition of the gateway") from None
    first = _FIXED + length + len(_padding(_FIXED + length))
    body = view[first:]
    if any(view[_FIXED + length : first]) or len(body) != sum(
        one + len(_padding(one)) for one in head.sizes
    ):
        raise MaterialUnavailable("the index is cut short or has grown")
    return _index(head, body, box, key)


def _index(head: _Head, body: memoryview, box: Box, key: MaterialKey) -> Index:
    pieces: dict[str, memoryview] = {}
    start = 0
    for name, size in zip(_SECTIONS, head.sizes, strict=True):
        pieces[name] = body[start : start + size]
        start += size + len(_padding(size))
    sealed = pieces["places"]

    @lru_cache(_OPEN_PLACES)
    def places(number: int) -> tuple[str, ...]:
        one = head.documents[number]
        plain = box.open(f"places\0{one.id}", bytes(sealed[one.start : one.start + one.size]))
        return tuple(msgspec.json.decode(plain, type=list[str]))

    material = Material(
        Digesters(key.digests),
        tuple(Document(one.release, one.name, one.public) for one in head.documents),
        Prints(
            np.frombuffer(pieces["phrases"], DIGEST),
            np.frombuffer(pieces["phrase entries"], PHRASE),
        ),
        Prints(
            np.frombuffer(pieces["figures"], DIGEST),
            np.frombuffer(pieces["figure entries"], FIGURE),
        ),
        np.frombuffer(pieces["context"], CONTEXT),
        places,
    )
    documents = tuple((one.release, one.id) for one in head.documents)
    return Index(documents, material, body, head.witness, key)
