"""Plain text, HTML, calendars and delimited files give all their words, hidden ones too."""

from __future__ import annotations

import base64
from typing import Any, Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.extract import detect_type, read_part, reads_in_worker
from gateway.extract.text.charset import decode
from gateway.extract.text.delimited import sniff, split_rows
from gateway.extract.types import BROKEN_PICTURE
from gateway.model.content import Links
from gateway.model.limits import ReadLimits
from gateway.model.message import Part

Read = Callable[..., Any]
PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR" + b"\0\0\0\1" * 2 + b"\x08\0\0\0\0" + b"\0" * 4
    + b"\0\0\0\0IEND\xaeB`\x82"
)  # fmt: skip
GIF = b"GIF89a\1\0\1\0\0\0\0\x2c\0\0\0\0\1\0\1\0\0\2\2\x44\1\0\x3b"
SIGNATURE = b"-----BEGIN PGP SIGNATURE-----\n\niQEzBAAB\n=AAAA\n-----END PGP SIGNATURE-----\n"
DETACHED = bytes.fromhex("308006092a864886f70d010702a0803080020101310f300b06092a864886f70d010701")


@pytest.mark.parametrize(
    ("content", "declared", "text"),
    [
        ("£ü".encode(), "", "£ü"),
        ("£ü".encode("latin-1"), "", "£ü"),
        ("£ü€".encode("cp1252"), "iso-8859-1", "£ü€"),
        ("£ü".encode("cp1252"), "utf-8", "£ü"),
        ("£ü".encode(), "us-ascii", "£ü"),
        ("EMBARGO".encode("utf-16"), "", "EMBARGO"),
        ("EMBARGO".encode("utf-16-le"), "", "EMBARGO"),
        ("EMBARGO".encode("utf-16-be"), "us-ascii", "EMBARGO"),
        ("EMBARGO".encode("utf-32"), "", "EMBARGO"),
        ("EMBARGO".encode("utf-8-sig"), "", "EMBARGO"),
        (b"+AKM-5", "utf-7", "£5"),
        ("統計".encode("shift_jis"), "shift_jis", "統計"),
        (b"E\0M\0B", "us-ascii", "EMB"),
        (b"plain", "punycode", "plain"),
        (b"706c61696e", "hex", "706c61696e"),
    ],
)
def test_charsets_are_recovered(content: bytes, declared: str, text: str) -> None:
    assert decode(content, declared).text == text


def test_an_unknown_charset_is_a_gap_only_where_it_matters(read: Read) -> None:
    assert not read(b"ascii", "text/plain", charset="x-none").gaps
    assert read(b"\xe1\xe2", "text/plain", charset="x-none").reasons == {"unreadable"}


def test_flowed_paragraphs_are_joined(read: Read) -> None:
    flowed = (("format", "flowed"),)
    text = b"embargoed \r\nuntil \r\nnoon\r\n-- \r\nname\r\n"
    assert (
        read(text, "text/plain", role="body", parameters=flowed).text
        == "embargoed until noon\n-- \nname\n"
    )
    parameters = (("format", "Flowed"), ("delsp", "yes"))
    assert read(b"emb \r\nargo", "text/plain", role="body", parameters=parameters).text == "embargo"


def test_an_inline_pgp_message_is_encrypted(read: Read) -> None:
    assert "encrypted" in read(b"Hi\n-----BEGIN PGP MESSAGE-----\nx", "text/plain").reasons


def test_text_beyond_the_limit_is_a_gap(read: Read) -> None:
    reading = read(b"x" * 100, "text/plain", limits=ReadLimits(text_chars=10))
    assert reading.text == "x" * 10 and reading.reasons == {"limit"}


@pytest.mark.parametrize(
    "page",
    [
        '<p style="display:none">W</p>', '<p style="visibility: hidden">W</p>', "<p hidden>W</p>",
        '<p style="font-size:0">W</p>', '<p style="font-size:1px;">W</p>', "<!-- W -->",
        '<font color="#ffffff">W</font>', '<p style="color:white">W</p>', "<title>W</title>",
        '<td bgcolor="#000"><span style="color:rgb(0,0,0)">W</span></td>', "<script>W</script>",
        "<style>.x{display:none}</style><p class='a x'>W</p>", '<img alt="W">', '<a title="W">x</a>',
        '<p style="position:absolute;left:-9999px">W</p>', "<style>p:before{content:'W'}</style>",
        '<div style="display:none"><p><b>W</b></p></div>', '<input type="hidden" value="W">',
        "<style>/* W */</style>", '<div style="mso-hide:all">W</div>', "<template>W</template>",
    ],
)  # fmt: skip
def test_what_a_reader_would_not_see_is_read_and_flagged(read: Read, page: str) -> None:
    reading = read(f"<html><body>seen {page} after</body></html>".encode(), "text/html")
    assert "W" in reading.hidden and "W" not in reading.text
    assert "after" in reading.text


@pytest.mark.parametrize(
    "page",
    [
        "<p>W</p>", '<p style="color:#333">W</p>', "<!--[if mso]><p>W</p><![endif]-->",
        '<p style="font-size:12px">W</p>', '<p style="font-size:0.9em">W</p>', "<p>W",
        '<td bgcolor="#003366" style="color:white">W</td>', "<pre>W</pre>", "<b><i>W</b></i>",
        "<style>@media print{.x{display:none}}</style><p class=x>W</p>",
    ],
)  # fmt: skip
def test_what_a_reader_sees_is_visible(read: Read, page: str) -> None:
    reading = read(f"<html><body>{page} after</body></html>".encode(), "text/html")
    assert "W" in reading.text and "after" in reading.text


@pytest.mark.parametrize(
    "element",
    [
        '<a href="{}">x</a>',
        '<img src="{}">',
        '<form action="{}"></form>',
        '<object data="{}"></object>',
        '<svg><a xlink:href="{}">x</a></svg>',
        '<td background="{}">x</td>',
    ],
)
def test_whatever_a_page_leads_to_or_fetches_is_a_link(read: Read, element: str) -> None:
    address = "https://files.dept.example/pack.zip"
    reading = read(f"<html><body>{element.format(address)}</body></html>".encode(), "text/html")
    links = [one.addresses for one in reading.contents if isinstance(one, Links)]
    assert links == [(address,)]


def test_html_reads_as_it_looks(read: Read) -> None:
    page = b"<p>EM<b>BAR</b>GO&nbsp;until\n  noon</p><div>next<br>line</div><table><tr><td>a<td>b<tr><td>1<td>2</table>"
    reading = read(page, "text/html")
    assert reading.text == "EMBARGO\xa0until noon\nnext\nline\na\tb\n1\t2"
    assert reading.tables[0].rows == [["a", "b"], ["1", "2"]]


def test_html_columns_align_across_spans_and_nested_tables_stand_apart(read: Read) -> None:
    page = b"<table><tr><td colspan=2>t<td>x</tr><tr><td>1<td>2<td><table><tr><td>i<td>j<tr><td>k<td>l</table></tr></table>"
    inner, outer = read(page, "text/html").tables
    assert inner.rows == [["i", "j"], ["k", "l"]]
    assert outer.rows[0] == ["t", "", "x"] and outer.rows[1][:2] == ["1", "2"]


def test_html_charset_comes_from_the_page(read: Read) -> None:
    page = '<html><meta charset="windows-1251"><p>статистика'.encode("cp1251")
    assert read(page, "text/html").text == "статистика"


def test_calendar_lines_are_unfolded_and_unescaped(read: Read) -> None:
    text = b'BEGIN:VCALENDAR\r\nSUMMARY:Pre-rel\r\n ease\\, briefing\r\nATTENDEE;CN="A: B":mailto:a@dept.example\r\nATTACH;ENCODING=BASE64;VALUE=BINARY;FILENAME=a.csv:YSxi\r\nEND:VCALENDAR\r\n'
    reading = read(text, "text/plain", name="x.dat")
    assert "SUMMARY: Pre-release, briefing" in reading.text
    assert 'ATTENDEE;CN="A: B": mailto:a@dept.example' in reading.text
    assert [(p.name, p.content) for p in reading.parts] == [("a.csv", b"a,b")]


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
        (b"a;b\r\n1,5;2\r\n", [["a", "b"], ["1,5", "2"]]),
        (b"a\tb\r1\t2\r", [["a", "b"], ["1", "2"]]),
        (b"a|b\n1|2", [["a", "b"], ["1", "2"]]),
        (b'a,"b, ""c""\nd"\n1,2\n', [["a", 'b, "c"\nd'], ["1", "2"]]),
        ("a;b\n1;2\n".encode("utf-16"), [["a", "b"], ["1", "2"]]),
        (b"Title of the table\n\nx,y,z\n1,2,3\n4,5,6\n", [["Title of the table"], [""], ["x", "y", "z"], ["1", "2", "3"], ["4", "5", "6"]]),
        (b"sep=;\na;b\n", [["a", "b"]]),
        (b"one\ntwo\n", [["one"], ["two"]]),
    ],
)  # fmt: skip
def test_delimited_files(read: Read, content: bytes, rows: list[list[str]]) -> None:
    [table] = read(content, "text/csv").tables
    assert table.rows == rows and table.total_rows == len(rows)


def test_a_table_in_a_text_attachment_is_a_table_too_and_prose_is_not(read: Read) -> None:
    assert read(b"id\tname\n1\tA\n2\tB\n", "text/plain", name="x.txt").tables
    assert not read(
        b"Dear all,\n\nplease find it attached.\n\nRegards,\nA\n", "text/plain", name="x.txt"
    ).tables


def test_a_cut_table_says_so(read: Read) -> None:
    reading = read(b"a,b\n" * 100, "text/csv", limits=ReadLimits(cells=20))
    assert len(reading.tables[0].rows) == 10 and reading.tables[0].total_rows == 100
    assert reading.reasons == {"limit"}
    assert read(b"a,b,c\n", "text/csv", limits=ReadLimits(columns=2)).reasons == {"limit"}


CELL = st.text(st.characters(codec="ascii", exclude_categories=("Cc",)), min_size=1, max_size=6)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=3, max_size=8),
    st.sampled_from(",;\t|"),
)
def test_what_the_csv_module_writes_is_read_back(rows: list[list[str]], delimiter: str) -> None:
    import csv
    import io

    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    text = out.getvalue().replace("\r\n", "\n")
    assert sniff(text) == delimiter
    assert split_rows(text, delimiter) == rows


@pytest.mark.parametrize(
    ("content", "declared", "name", "kind"),
    [
        (b"%PDF-1.7\n", "text/plain", None, "application/pdf"),
        (PNG, "text/plain", None, "image/png"),
        (GIF, "text/csv", "a.csv", "image/gif"),
        (b"GIF89aname,age\n1,2\n", "text/csv", "a.csv", "text/csv"),
        (b"\x89PNG\r\nname,age\n1,2\n", "text/plain", None, "text/plain"),
        (b"\x89PNG\r\n\x1a\n\0", "image/png", None, BROKEN_PICTURE),
        (b"figures in clear", "image/png", "a.png", "text/plain"),
        (b"figures in clear", "application/octet-stream", None, "text/plain"),
        (b"\0\1\2\3" * 99, "image/png", "a.png", "application/octet-stream"),
        (b"<!DOCTYPE html><p>", "application/octet-stream", None, "text/html"),
        (b"<html>", "text/plain", None, "text/html"),
        (b"a,b", "application/octet-stream", "A.CSV", "text/csv"),
        (b"a,b", "application/vnd.ms-excel", "a.csv", "text/csv"),
        (b"$FL2@(#)", "text/plain", "a.txt", "application/x-spss-sav"),
        (b"PAR1\x15", "application/octet-stream", None, "application/vnd.apache.parquet"),
        (b"{\\rtf1 x}", "text/plain", None, "application/rtf"),
        (SIGNATURE, "application/pgp-signature", None, "application/pgp-signature"),
        (b"name,age", "application/pgp-signature", "a.csv", "text/csv"),
        (b"name,age", "application/pkcs7-signature", None, "text/plain"),
        (b"0,1,2\n", "application/pkcs7-mime", "a.csv", "text/csv"),
        (b"%PDF-1.7\n", "application/pgp-signature", None, "application/pdf"),
    ],
)
def test_bytes_decide_what_a_part_is(
    part: Any, content: bytes, declared: str, name: str | None, kind: str
) -> None:
    assert detect_type(part(content, declared, name=name)) == kind


@pytest.mark.parametrize(
    ("content", "declared", "reasons"),
    [
        (b"%PDF-1.7", "application/pdf", {"unreadable"}),
        (b"\x1f\x8b\x08", "application/gzip", {"unreadable"}),
        (b"\0\1\2\3" * 99, "text/plain", {"no-reader"}),
        (b"-----BEGIN PGP MESSAGE-----", "application/octet-stream", {"encrypted"}),
        (b"0\x82\0\0", "application/pkcs7-mime", {"encrypted"}),
        (b"", "application/pdf", set()),
        (b"\x89PNG\r\n\x1a\n\0", "image/png", {"unreadable"}),
        (PNG, "image/png", {"no-reader"}),
        (SIGNATURE, "application/pgp-signature", set()),
        (DETACHED, "application/pkcs7-signature", set()),
        (b"0\x82\0\0", "application/pkcs7-signature", {"unreadable"}),
        (b"\0\1\2\3" * 99, "application/pdf", {"no-reader"}),
        (DETACHED.replace(b"\x30\x0b", b"\x30\x2b"), "application/pkcs7-signature", {"unreadable"}),
        (b"Final-Recipient: rfc822; a@dept.example", "message/delivery-status", set()),
    ],
)
def test_what_no_reader_takes_is_a_gap(
    read: Read, content: bytes, declared: str, reasons: set[str]
) -> None:
    assert read(content, declared).reasons == reasons


@pytest.mark.parametrize("picture", [PNG, GIF])
def test_rows_behind_the_end_of_a_picture_are_a_file_of_their_own(
    read: Read, picture: bytes
) -> None:
    assert [p.content for p in read(picture + b"name,age\n1,2\n").parts] == [b"name,age\n1,2"]


def test_an_opaque_signature_is_no_encryption_but_unread(read: Read) -> None:
    signed = (("smime-type", "signed-data"),)
    for content in (b"0\x82\0\0", DETACHED):
        reasons = read(content, "application/pkcs7-mime", parameters=signed).reasons
        assert reasons == {"unreadable"}


def test_a_file_whose_first_bytes_lie_is_read_as_the_text_it_is(read: Read) -> None:
    for magic in (b"GIF89a", b"\x89PNG\r\n", b"ID3", b"PAR1,", b"BZh"):
        found = read(magic + b"name,age\n1,2\n3,4\n", "text/csv", name="a.csv")
        assert found.tables[0].rows[-2:] == [["1", "2"], ["3", "4"]]


def test_small_texts_stay_in_the_worker_and_files_go_to_the_sandbox(part: Any) -> None:
    limits = ReadLimits(inline_bytes=100)
    assert reads_in_worker(part(b"x", "text/plain"), limits)
    assert reads_in_worker(part(b"a,b\n", "text/csv"), limits)
    assert not reads_in_worker(part(b"x" * 101, "text/plain"), limits)
    assert not reads_in_worker(part(b"PK\3\4 xl/workbook.xml"), limits)
    assert not reads_in_worker(part(b"%PDF-1.7" + b"\0" * 500), limits)
    assert not reads_in_worker(part(b"%PDF-1.7" + b"x" * 500), limits)


def test_html_with_very_many_cells_goes_to_the_sandbox(part: Any) -> None:
    assert not reads_in_worker(part(b"<table><tr>" + b"<td>" * 20_001, "text/html"), ReadLimits())


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from(["text/plain", "text/html", "text/csv", "text/calendar", "x/y"]),
)
def test_no_reader_raises(content: bytes, kind: str) -> None:
    contents = list(read_part(Part("1", kind, "attachment", content), ReadLimits()))
    assert not [c for c in contents if getattr(c, "reason", "") == "crashed"]


@pytest.mark.parametrize("tag", ["a href", "iframe src", "object data", "embed src"])
def test_a_file_inside_a_link_is_a_file_and_a_small_picture_is_none(read: Read, tag: str) -> None:
    def linked(kind: str, letters: str) -> Any:
        page = f"<html><body><{tag}='{kind};base64,{letters}'>x"
        return read(page.encode(), "text/html")

    assert linked(" DATA:text/csv", "YSxi").parts[0].content == b"a,b"
    assert linked("data:image/png", "bmFt").parts[0].content == b"nam"
    assert linked("data:image/png", base64.b64encode(PNG + b"rows").decode()).parts
    assert not linked("data:image/png", base64.b64encode(PNG).decode()).parts
    assert read(f"<html><{tag}='data:nonsense'>".encode(), "text/html").reasons == {"unreadable"}


@pytest.mark.parametrize("declared", ["application/pdf", "application/msword", "audio/mpeg", "x/y"])
def test_a_label_alone_makes_no_bytes_a_type(declared: str) -> None:
    part = Part("1", declared, "attachment", b"\0\1\2\3" * 99, "report.pdf")
    assert detect_type(part) == "application/octet-stream"


def test_more_links_with_lines_of_text_than_are_looked_at_are_a_gap(read: Read) -> None:
    link = "<a href='?a%0Ab%0Ac%0Ad%0Ae'>x</a>"
    assert "limit" in read((link * 501).encode(), "text/html").reasons
    assert "limit" not in read((link * 500).encode(), "text/html").reasons
