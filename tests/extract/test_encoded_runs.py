"""Files that somebody wrote into running text are found, and everyday letters hold nothing."""

from __future__ import annotations

import base64
import io
import random
import zipfile
import zlib
from typing import Any, Callable

import pytest
from support.encoded_text import hexdump, uuencoded, xxencoded

from gateway.extract.text.encoded_runs import LOGO, MEANINGLESS
from gateway.extract.text.plain import PGP

Read = Callable[..., Any]
ROWS = "id,age,sex,income\n" + "".join(
    f"{i},{20 + i % 60},{i % 2},{i * 37 % 9000}\n" for i in range(60)
)
NOISE = random.Random(7).randbytes(3 * MEANINGLESS)


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("rows.csv", ROWS)
    return out.getvalue()


def lines(content: bytes, width: int = 76) -> str:
    letters = base64.b64encode(content).decode()
    return "\n".join(letters[i : i + width] for i in range(0, len(letters), width))


@pytest.mark.parametrize(
    "written",
    [
        lines(ROWS.encode()), lines(ROWS.encode(), 64), lines(ROWS.encode(), 10_000),
        base64.urlsafe_b64encode(ROWS.encode()).decode(),
        "\n".join("> " + line for line in lines(ROWS.encode()).split("\n")),
        ROWS.encode().hex(), hexdump(ROWS.encode()), ROWS.encode().hex(" "),
        "\n".join("> " + line for line in uuencoded(ROWS.encode()).split("\n")),
        uuencoded(ROWS.encode()), xxencoded(ROWS.encode()),
        lines(zlib.compress(ROWS.encode())), lines(ROWS.encode("utf-16")),
        'x = "' + lines(ROWS.encode()).replace("\n", '" +\n "') + '";',
        "begin-base64 644 rows.csv\n" + lines(ROWS.encode()) + "\n====\n",
    ],
    ids=["base64", "pem", "one line", "url-safe", "quoted", "hex", "dump", "bytes apart", "uu quoted", "uu", "xx",
         "zlib", "utf-16", "program", "uu base64"],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["text/plain", "text/html"])
def test_rows_written_as_letters_are_rows(nested: Any, written: str, kind: str) -> None:
    text = f"Dear all,\n\nas promised:\n\n{written}\n\nRegards\n"
    if kind == "text/html":
        text = f"<html><body><pre>{text.replace('<', '&lt;')}</pre></body></html>"
    found = nested(text.encode(), kind, number="1!1", role="body")
    assert ["1", "21", "1", "37"] in [row for table in found.tables for row in table.rows]


@pytest.mark.parametrize("extra", range(45))
def test_the_length_of_the_last_line_does_not_matter(read: Read, extra: int) -> None:
    content = ROWS.encode() + b"x" * extra
    for text in (uuencoded(content), xxencoded(content)):
        assert read(text.encode(), "text/x-notes").parts[0].content == content


def test_xxencode_in_a_body_is_read_though_the_parser_knows_only_uuencode(read: Read) -> None:
    text = xxencoded(ROWS.encode()).encode()
    assert read(text, "text/plain", role="body").parts[0].content == ROWS.encode()


def test_an_archive_written_as_letters_is_a_file(read: Read) -> None:
    [inner] = read(lines(archive()).encode(), "text/plain").parts
    assert inner.content == archive()


def test_a_yenc_file_is_decoded_and_a_split_one_is_a_gap(read: Read) -> None:
    coded = b""
    for byte in archive():
        shifted = (byte + 42) & 255
        coded += (
            b"=" + bytes(((shifted + 64) & 255,)) if shifted in b"\0\n\r=" else bytes((shifted,))
        )
    size = len(archive())
    whole = b"Hello\r\n=ybegin line=128 size=%d name=a.zip\r\n%s\r\n=yend size=%d\r\n" % (
        size,
        coded,
        size,
    )
    reading = read(whole, "text/plain", charset="latin-1")
    assert reading.parts[0].content == archive() and not reading.gaps
    assert read(
        whole.replace(b"line=128", b"part=1 line=128"), "text/plain", charset="latin-1"
    ).gaps
    assert read(
        whole.replace(b"size=%d name" % size, b"size=9 name"), "text/plain", charset="latin-1"
    ).gaps


def test_letters_inside_letters_are_found(nested: Any) -> None:
    found = nested(lines(lines(ROWS.encode()).encode()).encode(), "text/plain")
    assert found.tables


def test_long_noise_is_a_gap_and_short_noise_is_a_key(read: Read) -> None:
    assert read(lines(NOISE).encode(), "text/plain").reasons == {"unreadable"}
    assert not read(lines(NOISE[: MEANINGLESS - 100]).encode(), "text/plain").gaps


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN CERTIFICATE-----\n" + lines(NOISE[:1200], 64) + "\n-----END CERTIFICATE-----\n",
        "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n" + lines(NOISE[:9000], 64),
        "https://links.example/ls/click?upn=" + base64.urlsafe_b64encode(NOISE[:900]).decode(),
        "-" * 2000, "_" * 72 + "\n" + "=" * 72, "ACGT" * 500, "x" * 5000,
        "DKIM-Signature: b=" + lines(NOISE[:256]),
        "begin 644 of the day\nand so on\n", "abcdefghijklmnopqrstuvwxyz" * 400, "we begin 100 interviews today\n",
    ],
    ids=range(11),
)  # fmt: skip
def test_keys_marks_and_drawn_lines_hold_nothing(read: Read, text: str) -> None:
    reading = read(text.encode(), "text/plain")
    assert not reading.gaps and not reading.parts


def test_damaged_uuencode_is_a_gap_and_what_was_sound_is_read(read: Read) -> None:
    broken = uuencoded(ROWS.encode()).replace("`\nend\n", "")
    reading = read(broken.encode(), "text/x-notes")
    assert reading.reasons == {"unreadable"} and reading.parts[0].content == ROWS.encode()


def test_binhex_is_a_gap(read: Read) -> None:
    text = b"(This file must be converted with BinHex 4.0)\n:abc:\n"
    assert read(text, "text/plain").reasons == {"unreadable"}


def html(link: str) -> bytes:
    return f"<html><body>{link}</body></html>".encode()


@pytest.mark.parametrize(
    "link",
    [
        '<a href="data:text/csv;base64,%s">x</a>', '<img src=\'data:text/csv;charset=utf-8;base64,%s\'>',
        '<object data=" DATA:text/csv;base64,%s"></object>', '<a href="d\nata:text/csv;base64,%s">x</a>',
        '<div style="background:url(data:text/csv;base64,%s)">x</div>',
        "<style>a{background:url('data:text/csv;base64,%s')}</style>",
        '<img srcset="data:text/csv;base64,%s 2x">', '<td background="data:text/csv;base64,%s">x</td>',
        '<a href="&#100;ata:text/csv;base64,%s">x</a>', '<p data-rows="data:text/csv;base64,%s">x</p>',
    ],
)  # fmt: skip
def test_a_file_in_a_data_uri_is_read(nested: Any, link: str) -> None:
    found = nested(html(link % base64.b64encode(ROWS.encode()).decode()), "text/html")
    assert found.tables and found.tables[0].rows[1] == ["0", "20", "0", "0"]


def test_a_percent_encoded_data_uri_is_read(nested: Any) -> None:
    rows = ROWS.replace("\n", "%0A")
    assert nested(html(f"<a href='data:text/csv,{rows}'>x</a>"), "text/html").tables


def test_a_picture_in_a_data_uri_is_handed_on_unless_it_is_a_logo(read: Read) -> None:
    chunk = b"\0\0\0\x04tEXtabcd\0\0\0\0"
    head = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR" + b"\0\0\0\1" * 2 + b"\x08\0\0\0\0" + b"\0" * 4
    for many, parts in ((1, 0), (LOGO // len(chunk) + 1, 1)):
        picture = head + chunk * many + b"\0\0\0\0IEND\xaeB`\x82"
        link = f"<img src='data:image/png;base64,{base64.b64encode(picture).decode()}'>"
        assert len(read(html(link), "text/html").parts) == parts


@pytest.mark.parametrize("kind", ["text/plain", "text/html"])
def test_clear_signed_text_is_read_and_a_locked_message_is_a_gap(read: Read, kind: str) -> None:
    signature = (
        "-----BEGIN PGP SIGNATURE-----\n\n"
        + lines(NOISE[:500], 64)
        + "\n-----END PGP SIGNATURE-----\n"
    )
    signed = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nEMBARGO\n" + signature
    reading = read(signed.encode(), kind)
    assert "EMBARGO" in reading.text and not reading.gaps
    assert "encrypted" in read(f"<p>x\n{PGP}\n\n{lines(NOISE[:600])}".encode(), kind).reasons
