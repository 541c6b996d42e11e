"""One registered document as it lies on disk: everything that it yields, sealed piece by piece.

- Without the key the file tells its size and nothing else; its release is the folder that it is in.
- A file that was cut short, changed, or taken from another place does not open.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import datetime

import msgspec

from gateway.model.material import DocumentPrints
from gateway.model.message import Gap, GapReason, Location
from gateway.releases.material.sealing import ID_BYTES, SALT_BYTES, MaterialKey, new_salt
from gateway.releases.material.unavailable import MaterialUnavailable

_MAGIC = b"MATERIAL 1 DOC\r\n"
_PIECES = ("about", "places", "phrases", "phrase entries", "figures", "figure entries", "context")
_LENGTHS = struct.Struct(f"<{len(_PIECES)}Q")
_HEAD = len(_MAGIC) + ID_BYTES + SALT_BYTES + _LENGTHS.size


@dataclass(frozen=True, slots=True)
class Registered:
    """What is known of a registered document. `id` names its bytes, `by` is who registered it;
    `words` and `figures` are counts, `gaps` what could not be read of it."""

    release: str
    id: str
    name: str
    public: bool
    by: str
    at: datetime
    words: int
    figures: int
    gaps: tuple[Gap, ...] = ()


class _Unread(msgspec.Struct, frozen=True, array_like=True):
    part: str
    name: str | None
    where: str
    reason: GapReason
    detail: str
    detected_type: str


class _About(msgspec.Struct, frozen=True):
    name: str
    public: bool
    by: str
    at: datetime
    words: int
    figures: int
    gaps: list[_Unread]


def seal_document(document: Registered, prints: DocumentPrints, key: MaterialKey) -> bytes:
    """The file of a document."""
    about = _About(
        document.name, document.public, document.by, document.at, document.words,
        document.figures,
        [
            _Unread(
                gap.location.part, gap.location.name, gap.location.where, gap.reason, gap.detail,
                gap.detected_type,
            )
            for gap in document.gaps
        ],
    )  # fmt: skip
    plain = (
        msgspec.json.encode(about), msgspec.json.encode(prints.places), *prints.phrases,
        *prints.figures, prints.context,
    )  # fmt: skip
    salt = new_salt()
    box = key.box(salt)
    sealed = [
        box.seal(_place(document.release, document.id, name), piece)
        for name, piece in zip(_PIECES, plain, strict=True)
    ]
    lengths = _LENGTHS.pack(*map(len, sealed))
    return b"".join((_MAGIC, key.id, salt, lengths, *sealed))


class SealedDocument:
    """A document's file, opened piece by piece. Raises MaterialUnavailable."""

    def __init__(self, release: str, id: str, content: bytes, key: MaterialKey) -> None:
        if len(content) < _HEAD or not content.startswith(_MAGIC):
            raise MaterialUnavailable("it is damaged, or of another edition of the gateway")
        key_id = content[len(_MAGIC) :][:ID_BYTES]
        if key_id != key.id:
            raise MaterialUnavailable("it was sealed with another key")
        lengths = _LENGTHS.unpack_from(content, _HEAD - _LENGTHS.size)
        if sum(lengths) != len(content) - _HEAD:
            raise MaterialUnavailable("it is cut short or has grown")
        self._box = key.box(content[len(_MAGIC) + ID_BYTES :][:SALT_BYTES])
        self._release, self._id = release, id
        self._sealed: dict[str, bytes] = {}
        start = _HEAD
        for name, length in zip(_PIECES, lengths, strict=True):
            self._sealed[name] = content[start : start + length]
            start += length

    def about(self) -> Registered:
        try:
            about = msgspec.json.decode(self._open("about"), type=_About)
        except msgspec.MsgspecError:
            raise MaterialUnavailable("it is of another edition of the gateway") from None
        gaps = tuple(
            Gap(Location(one.part, one.name, one.where), one.reason, one.detail, one.detected_type)
            for one in about.gaps
        )
        return Registered(
            self._release, self._id, about.name, about.public, about.by, about.at, about.words,
            about.figures, gaps,
        )  # fmt: skip

    def prints(self) -> DocumentPrints:
        """Everything that the document yielded, as it was when it was registered."""
        about = self.about()
        places = tuple(msgspec.json.decode(self._open("places"), type=list[str]))
        return DocumentPrints(
            (self._open("phrases"), self._open("phrase entries")),
            (self._open("figures"), self._open("figure entries")),
            self._open("context"), places, about.words, about.figures, about.gaps,
        )  # fmt: skip

    def _open(self, name: str) -> bytes:
        try:
            return self._box.open(_place(self._release, self._id, name), self._sealed[name])
        except MaterialUnavailable as error:
            raise MaterialUnavailable(f"{self._release}/{self._id}: {error}") from None


def _place(release: str, id: str, piece: str) -> str:
    return f"{release}\0{id}\0{piece}"
