"""A storage taken out of a compound file, written as a compound file of its own ([MS-CFB])."""

from __future__ import annotations

import struct
from typing import Mapping

_SECTOR, _SMALL, _CUTOFF = 512, 64, 4096
_FREE, _END, _TABLE, _MORE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC
_NONE = 0xFFFFFFFF


class _Node:
    """A directory entry: a storage (content None) or a stream."""

    def __init__(self, name: str, content: bytes | None) -> None:
        self.name, self.content = name, content
        self.kids: dict[str, _Node] = {}
        self.left = self.right = self.child = _NONE
        self.start, self.size = _END if content is not None else 0, 0


def write_compound(streams: Mapping[tuple[str, ...], bytes]) -> bytes:
    """A compound file of version 3 with these streams."""
    root = _Node("Root Entry", None)
    for path, content in streams.items():
        node = root
        for name in path[:-1]:
            node = node.kids.setdefault(name, _Node(name, None))
        node.kids[path[-1]] = _Node(path[-1], content)
    nodes = _numbered(root)
    small = bytearray()
    small_table: list[int] = []
    body = bytearray()
    table: list[int] = []
    for node in nodes:
        if node.content is None:
            continue
        node.size = len(node.content)
        if node.size >= _CUTOFF:
            node.start = _append(body, table, node.content, _SECTOR)
        elif node.size:
            node.start = _append(small, small_table, node.content, _SMALL)
    root.start, root.size = _END, len(small)
    if small:
        root.start = _append(body, table, bytes(small), _SECTOR)
    small_bytes = struct.pack(f"<{len(small_table)}I", *small_table)
    small_start, small_count = _END, 0
    if small_table:
        padded = small_bytes + b"\xff" * (-len(small_bytes) % _SECTOR)
        small_count = len(padded) // _SECTOR
        small_start = _append(body, table, padded, _SECTOR)
    directory = b"".join(_entry(node, node is root) for node in nodes)
    directory += _blank() * (-len(nodes) % 4)
    directory_start = _append(body, table, directory, _SECTOR)
    return _assemble(body, table, directory_start, small_start, small_count)


def _append(body: bytearray, table: list[int], content: bytes, unit: int) -> int:
    start = len(table)
    count = -(-len(content) // unit)
    table.extend(range(start + 1, start + count))
    table.append(_END)
    body += content + b"\0" * (-len(content) % unit)
    return start


def _numbered(root: _Node) -> list[_Node]:
    """Every node in the order of the directory; siblings as a balanced tree (2.6.4)."""
    nodes = [root]
    waiting = [root]
    while waiting:
        node = waiting.pop()
        kids = sorted(node.kids.values(), key=lambda kid: (len(kid.name), kid.name.upper()))
        if not kids:
            continue
        first = len(nodes)
        nodes.extend(kids)
        waiting.extend(kid for kid in kids if kid.content is None)
        node.child = _balance(nodes, first, len(nodes))
    return nodes


def _balance(nodes: list[_Node], first: int, end: int) -> int:
    # Halving: no deeper than the logarithm of the number of siblings.
    if first >= end:
        return _NONE
    middle = (first + end) // 2
    nodes[middle].left = _balance(nodes, first, middle)
    nodes[middle].right = _balance(nodes, middle + 1, end)
    return middle


def _entry(node: _Node, is_root: bool) -> bytes:
    name = node.name.encode("utf-16-le")[:62]
    kind = 5 if is_root else 1 if node.content is None else 2
    return struct.pack(
        "<64sHBBIII16sIQQIQ", name, len(name) + 2, kind, 1, node.left, node.right, node.child,
        b"", 0, 0, 0, node.start, node.size,
    )  # fmt: skip


def _blank() -> bytes:
    return struct.pack("<64sHBBIII16sIQQIQ", b"", 0, 0, 0, _NONE, _NONE, _NONE, b"", 0, 0, 0, 0, 0)


def _assemble(
    body: bytearray, table: list[int], directory: int, small_start: int, small_count: int
) -> bytes:
    tables = more = 0
    while True:
        total = len(table) + tables + more
        wanted = -(-total // 128)
        wanted_more = max(0, -(-(wanted - 109) // 127))
        if (wanted, wanted_more) == (tables, more):
            break
        tables, more = wanted, wanted_more
    first = len(table)
    places = list(range(first, first + tables))
    full = [*table, *[_TABLE] * tables, *[_MORE] * more]
    full += [_FREE] * (tables * 128 - len(full))
    chain = b""
    rest = places[109:]
    for index in range(more):
        chunk = rest[index * 127 : (index + 1) * 127]
        chunk += [_FREE] * (127 - len(chunk))
        after = first + tables + index + 1 if index + 1 < more else _END
        chain += struct.pack("<128I", *chunk, after)
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6,
        0, tables, directory, 0, _CUTOFF, small_start, small_count,
        first + tables if more else _END, more,
    )  # fmt: skip
    head = [*places[:109], *[_FREE] * (109 - len(places[:109]))]
    return (
        header + struct.pack("<109I", *head) + bytes(body)
        + struct.pack(f"<{len(full)}I", *full) + chain
    )  # fmt: skip
