"""Writes files into running text, as mail programs did before MIME."""

from __future__ import annotations

import binascii

XX = "+-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def uuencoded(content: bytes) -> str:
    rows = [binascii.b2a_uu(content[i : i + 45]).decode() for i in range(0, len(content), 45)]
    return "begin 644 rows.csv\n" + "".join(rows) + "`\nend\n"


def xxencoded(content: bytes) -> str:
    head, *rest = uuencoded(content).splitlines()
    table = {32 + i: letter for i, letter in enumerate(XX)} | {96: "+"}
    return "\n".join([head, *(line.translate(table) for line in rest[:-1]), "end", ""])


def hexdump(content: bytes) -> str:
    pairs = [f"{i:08x}: " + content[i : i + 16].hex(" ", 2) for i in range(0, len(content), 16)]
    return "\n".join(pairs)


def yencoded(content: bytes) -> bytes:
    """yEnc draft 1.3: every byte plus 42, four of them escaped, 128 to the line."""
    rows = []
    for at in range(0, len(content), 128):
        coded = bytearray()
        for byte in content[at : at + 128]:
            value = (byte + 42) & 255
            coded += (
                bytes((61, (value + 64) & 255)) if value in (0, 10, 13, 61) else bytes((value,))
            )
        rows.append(bytes(coded))
    head = b"=ybegin line=128 size=%d name=rows.csv\r\n" % len(content)
    return head + b"\r\n".join(rows) + b"\r\n=yend size=%d\r\n" % len(content)
