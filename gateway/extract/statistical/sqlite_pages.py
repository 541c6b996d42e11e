"""What a SQLite file still holds where no row is: free pages, free space within pages, its end.

Deleting a row only unlinks it; its text stays until it is overwritten. The layout is that of
"Database File Format" (sqlite.org/fileformat2.html, sections 1.3 to 1.6).
"""

from __future__ import annotations

import struct

_TREES = frozenset((2, 5, 10, 13))
_INTERIOR = frozenset((2, 5))
_HEADER = 100


def is_cut_off(content: bytes) -> bool:
    """Has the file fewer pages than its header says?"""
    if len(content) < _HEADER:
        return True
    (size,) = struct.unpack_from(">H", content, 16)
    (pages,) = struct.unpack_from(">I", content, 28)
    # The count holds only where the last writer kept it (section 1.3.7).
    return content[24:28] == content[92:96] and pages * (65536 if size == 1 else size) > len(
        content
    )


def unreached(content: bytes, all_pages: bool = False) -> bytes:
    """The bytes of free pages, of free space within pages and behind the last page; `all_pages`
    where the file's own account of what is free cannot be trusted."""
    if all_pages or len(content) < _HEADER:
        return content if all_pages else b""
    (size,) = struct.unpack_from(">H", content, 16)
    size = 65536 if size == 1 else size
    if size < 512 or size & (size - 1):
        return b""
    free = _free_pages(content, size)
    (pages,) = struct.unpack_from(">I", content, 28)
    pages = pages if 0 < pages * size <= len(content) else len(content) // size
    spaces = [_free_space(content, number, size, number in free) for number in range(1, pages + 1)]
    return b"\0".join([*spaces, content[pages * size :]])


def _free_pages(content: bytes, size: int) -> set[int]:
    """The pages on the list of free ones, trunks and leaves; a list that loops ends."""
    found: set[int] = set()
    (trunk,) = struct.unpack_from(">I", content, 32)
    while trunk and trunk not in found and trunk * size <= len(content):
        found.add(trunk)
        start = (trunk - 1) * size
        following, count = struct.unpack_from(">II", content, start)
        count = min(count, size // 4 - 2)
        found.update(struct.unpack_from(f">{count}I", content, start + 8))
        trunk = following
    return found


def _free_space(content: bytes, number: int, size: int, free: bool) -> bytes:
    start = (number - 1) * size
    page = content[start : start + size]
    if free:
        return page[8:]
    head = _HEADER if number == 1 else 0
    if len(page) < size or page[head] not in _TREES:
        return b""
    block, cells, cell_start = struct.unpack_from(">HHH", page, head + 1)
    pointers = head + (12 if page[head] in _INTERIOR else 8) + 2 * cells
    spaces = [page[pointers : (cell_start or 65536)]]
    seen: set[int] = set()
    while head < block <= size - 4 and block not in seen:
        seen.add(block)
        following, length = struct.unpack_from(">HH", page, block)
        spaces.append(page[block + 4 : block + length])
        block = following
    return b"\0".join(spaces)
