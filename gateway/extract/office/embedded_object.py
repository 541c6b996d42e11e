"""Files inside documents: what OLE packages wrap, and storages that are documents themselves."""

from __future__ import annotations

import struct

from gateway.extract.office.compound_file import Compound, Path
from gateway.extract.office.storage_file import write_compound
from gateway.model.message import Part

# A storage with one of these at its top is a document.
_DOCUMENTS = frozenset(
    ("workbook", "book", "worddocument", "powerpoint document", "encryptedpackage",
     "__properties_version1.0", "visiodocument")
)  # fmt: skip
MAX_NAME = 255


def embedded(part: Part, index: int | str, content: bytes, name: str | None) -> Part:
    """A file that needs a reader of its own."""
    return Part(
        f"{part.number}!{index}", "application/octet-stream", "attachment", content,
        name, "", part.depth + 1,
    )  # fmt: skip


def document_storages(compound: Compound) -> list[Path]:
    """The outermost storages that are documents; those inside them come out with them."""
    found = sorted(
        {
            path[:-1]
            for path in compound.streams
            if len(path) > 1 and path[-1].lower() in _DOCUMENTS
        },
        key=len,
    )
    out: list[Path] = []
    for storage in found:
        if not any(storage[: len(other)] == other for other in out):
            out.append(storage)
    return out


def storage_content(compound: Compound, storage: Path) -> bytes:
    """The storage as a file of its own. Raises ContainerFault."""
    return write_compound(
        {path[len(storage) :]: compound.take(path) for path in compound.below(storage)}
    )


def unwrapped(stream: bytes) -> tuple[str | None, bytes]:
    """Name and content of the file in an Ole10Native stream ([MS-OLEDS] 2.3.6); of a stream
    that is no package the bytes behind the length."""
    body = stream[4:] if len(stream) >= 4 else stream
    try:
        if body[:2] == b"\2\0":
            name, at = _text(body, 2)
            _, at = _text(body, at)
            at += 4
            at += 4 + struct.unpack_from("<I", body, at)[0]
            size = struct.unpack_from("<I", body, at)[0]
            if size <= len(body) - at - 4:
                return name[-MAX_NAME:] or None, body[at + 4 : at + 4 + size]
    except (struct.error, ValueError):
        pass  # not a package: what it is, its reader finds out
    return None, body


def _text(body: bytes, at: int) -> tuple[str, int]:
    end = body.index(0, at)
    return body[at:end].decode("cp1252", "replace").rpartition("\\")[2], end + 1
