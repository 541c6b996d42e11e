"""Where messages, calendars and cards that travel as files can hold something."""

from __future__ import annotations

import base64
import binascii
import gzip
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Callable

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID
from formats.planting import INNOCENT, INNOCENT_ROWS, Expected, Rows, pasted, place
from support import outlook_items as items
from support.encoded_text import uuencoded, yencoded

TEXT, EIGHT, BINARY, OBJECT, NUMBER = 0x1F, 0x1E, 0x102, 0x0D, 0x03
NO_PASSWORD = "nobody has the key"
HEAD = (
    "From: A. Field <a.field@dept.example>\r\nTo: b.moor@dept.example\r\nSubject: Papers\r\n"
    "Date: Tue, 27 Mar 2018 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
)


def _said(text: str, rows: Rows) -> str:
    return pasted(text, rows) or INNOCENT


def _file(text: str, rows: Rows) -> bytes:
    return _said(text, rows).encode()


def _page(text: str, rows: Rows) -> str:
    shown = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>"
        for row in rows or INNOCENT_ROWS
    )
    return f"<html><body><p>{text or INNOCENT}</p><table>{shown}</table></body></html>"


def _crlf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def _multipart(*entities: str, before: str = "", after: str = "", kind: str = "mixed") -> str:
    inside = "".join(f"--b\r\n{entity}\r\n" for entity in entities)
    return f"{HEAD}Content-Type: multipart/{kind}; boundary=b\r\n\r\n{before}\r\n{inside}--b--\r\n{after}"


def _coded(kind: str, content: bytes, more: str = "") -> str:
    return (
        f"Content-Type: {kind}\r\n{more}Content-Transfer-Encoding: base64\r\n\r\n"
        f"{base64.encodebytes(content).decode()}"
    )


PLAIN = "Content-Type: text/plain\r\n\r\nHello\r\n"


def _eml(
    where: str, write: Callable[[str, Rows], str | bytes], holds: str = "both",
    name: str = "papers.eml", format: str = "message (EML)",
) -> None:  # fmt: skip
    def build(text: str, rows: Rows) -> bytes:
        written = write(text, rows)
        return written if isinstance(written, bytes) else _crlf(written).encode()

    place(format, where, name, holds=holds)(build)  # type: ignore[arg-type]


_eml("subject", lambda t, x: f"{HEAD.replace('Papers', t or INNOCENT)}\r\nHello\r\n", "words")
_eml("subject in encoded words", lambda t, x: HEAD.replace("Papers", "=?utf-8?B?" + base64.b64encode((t or INNOCENT).encode()).decode() + "?=") + "\r\nHello\r\n", "words")  # fmt: skip
_eml("a second subject", lambda t, x: f"{HEAD}Subject: {t or INNOCENT}\r\n\r\nHello\r\n", "words")
_eml("header of a program's own", lambda t, x: f"{HEAD}X-Note: {t or INNOCENT}\r\n\r\nHello\r\n", "words")  # fmt: skip
_eml("header in many lines", lambda t, x: f"{HEAD}X-Note:\r\n" + "".join(f" {line}\r\n" for line in _said(t, x).split("\n")) + "\r\nHello\r\n")  # fmt: skip
_eml("name of a sender", lambda t, x: f'{HEAD}Reply-To: "{t or INNOCENT}" <a@dept.example>\r\n\r\nHello\r\n', "words")  # fmt: skip
_eml("body", lambda t, x: f"{HEAD}\r\n{_said(t, x)}\r\n")
_eml("body in base64", lambda t, x: HEAD + _coded("text/plain; charset=utf-8", _file(t, x)))
_eml("body in quoted-printable", lambda t, x: HEAD + "Content-Transfer-Encoding: quoted-printable\r\n\r\n" + binascii.b2a_qp(_file(t, x)).decode())  # fmt: skip
_eml("body in UTF-7", lambda t, x: HEAD.encode() + b"Content-Type: text/plain; charset=utf-7\r\n\r\n" + _said(t, x).encode("utf-7"))  # fmt: skip
_eml("body in EBCDIC", lambda t, x: HEAD + _coded("text/plain; charset=cp037", _said(t, x).encode("cp037")))  # fmt: skip
_eml("body in UTF-16", lambda t, x: HEAD + _coded("text/plain; charset=utf-16", _said(t, x).encode("utf-16")))  # fmt: skip
_eml("uuencode in the body", lambda t, x: f"{HEAD}\r\nHello\r\n\r\n{uuencoded(_file(t, x))}\r\n")
_eml("yEnc in the body", lambda t, x: HEAD.encode() + b"\r\nHello\r\n\r\n" + yencoded(_file(t, x)))
_eml("page beside a plain text", lambda t, x: _multipart(PLAIN, f"Content-Type: text/html\r\n\r\n{_page(t, x)}", kind="alternative"))  # fmt: skip
_eml("plain text beside a page", lambda t, x: _multipart(f"Content-Type: text/plain\r\n\r\n{_said(t, x)}\r\n", "Content-Type: text/html\r\n\r\n<p>Hello</p>", kind="alternative"))  # fmt: skip
_eml("attachment", lambda t, x: _multipart(PLAIN, _coded("text/csv; name=a.csv", _file(t, x))))
_eml("attachment declared a picture", lambda t, x: _multipart(PLAIN, _coded("image/png; name=a.png", _file(t, x))))  # fmt: skip
_eml("attachment in uuencode", lambda t, x: _multipart(PLAIN, f"Content-Type: text/plain; name=a.txt\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\n{uuencoded(_file(t, x))}"))  # fmt: skip
_eml("attachment in an unknown encoding", lambda t, x: _multipart(PLAIN, f"Content-Type: text/plain; name=a.txt\r\nContent-Transfer-Encoding: x-own\r\n\r\n{_said(t, x)}\r\n"))  # fmt: skip
_eml("attachment of a packed file", lambda t, x: _multipart(PLAIN, _coded("application/gzip; name=a.txt.gz", gzip.compress(_file(t, x)))))  # fmt: skip
_eml("name of an attachment", lambda t, x: _multipart(PLAIN, _coded(f'text/plain; name="{t or INNOCENT}.txt"', b"x")), "words")  # fmt: skip
_eml("description of an attachment", lambda t, x: _multipart(PLAIN, _coded("text/plain; name=a.txt", b"x", f"Content-Description: {t or INNOCENT}\r\n")), "words")  # fmt: skip
_eml("parameter of an attachment", lambda t, x: _multipart(PLAIN, _coded(f'text/plain; x-note="{t or INNOCENT}"', b"x")), "words")  # fmt: skip
_eml("in front of the first part", lambda t, x: _multipart(PLAIN, before=_said(t, x) + "\r\n"))
_eml("behind the last part", lambda t, x: _multipart(PLAIN, after=_said(t, x) + "\r\n"))
_eml("behind the end of a base64 body", lambda t, x: _multipart(PLAIN, _coded("text/csv; name=a.csv", b"month,lunches\nMay,20\n") + "\r\n" + _said(t, x) + "\r\n"))  # fmt: skip
_eml("message in the message", lambda t, x: _multipart(PLAIN, f"Content-Type: message/rfc822\r\n\r\n{HEAD}\r\n{_said(t, x)}\r\n"))  # fmt: skip
_eml("headers that were sent along", lambda t, x: _multipart(PLAIN, f"Content-Type: text/rfc822-headers\r\n\r\n{HEAD}X-Note: {t or INNOCENT}\r\n"), "words")  # fmt: skip
_eml("report of a delivery", lambda t, x: _multipart(PLAIN, f"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; a.example\r\n\r\nDiagnostic-Code: smtp; {t or INNOCENT}\r\n", kind="report"), "words")  # fmt: skip

_eml("plain text declared a picture", lambda t, x: _multipart(PLAIN, f"Content-Type: image/png\r\n\r\n{_said(t, x)}\r\n"))  # fmt: skip
_eml("plain text declared a signature", lambda t, x: _multipart(PLAIN, _coded("application/pgp-signature; name=a.asc", _file(t, x))))  # fmt: skip
_eml("body in soft lines", lambda t, x: f"{HEAD}Content-Type: text/plain; format=flowed\r\n\r\n{_said(t, x)}\r\n")  # fmt: skip
_eml("body of a type that no program knows", lambda t, x: f"{HEAD}Content-Type: text/x-own\r\n\r\n{_said(t, x)}\r\n")  # fmt: skip
_eml("body that is an invitation", lambda t, x: f"{HEAD}Content-Type: text/calendar\r\n\r\n" + CALENDAR % ("", _folded(f"DESCRIPTION:{_value(_said(t, x))}"), ""))  # fmt: skip
_eml("body without an end of its boundary", lambda t, x: _multipart(PLAIN, f"Content-Type: text/plain\r\n\r\n{_said(t, x)}\r\n").replace("--b--", ""))  # fmt: skip


def _deep(text: str, rows: Rows) -> str:
    inner = f"Content-Type: text/plain\r\n\r\n{_said(text, rows)}\r\n"
    for level in range(40):
        inner = f"Content-Type: multipart/mixed; boundary=d{level}\r\n\r\n--d{level}\r\n{inner}\r\n--d{level}--\r\n"
    return HEAD + inner


def _unread(where: str, expect: Expected, reason: str, write: Callable[[str, Rows], str]) -> None:
    place("message (EML)", where, "papers.eml", expect, reason=reason)(
        lambda text, rows: _crlf(write(text, rows)).encode()
    )


_unread("parts forty deep", "limit", "deeper than `depth` allows", _deep)
_unread("one piece of a message in pieces", "unreadable", "the other pieces are other messages", lambda t, x: f'{HEAD}Content-Type: message/partial; id="a"; number=2; total=3\r\n\r\n{_said(t, x)}\r\n')  # fmt: skip
_unread("content kept elsewhere", "unreadable", "only its address is in the message", lambda t, x: _multipart(PLAIN, f'Content-Type: message/external-body; access-type=URL; URL="https://dept.example/a"\r\n\r\nContent-Type: text/plain\r\n\r\n{_said(t, x)}\r\n'))  # fmt: skip
_unread("OpenPGP message", "encrypted", NO_PASSWORD, lambda t, x: _multipart(PLAIN, "Content-Type: application/octet-stream; name=encrypted.asc\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA0\r\n-----END PGP MESSAGE-----\r\n"))  # fmt: skip

MHT = "archived page (MHT)"


def _saved(*entities: str) -> str:
    return _multipart(*entities, kind="related").replace("Subject: Papers", "Snapshot-Content-Location: https://dept.example/\r\nSubject: Page")  # fmt: skip


_eml("page", lambda t, x: _saved(f"Content-Type: text/html\r\n\r\n{_page(t, x)}"), "both", "page.mht", MHT)  # fmt: skip
_eml("page in quoted-printable", lambda t, x: _saved("Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + binascii.b2a_qp(_page(t, x).encode()).decode()), "both", "page.mht", MHT)  # fmt: skip
_eml("file beside the page", lambda t, x: _saved("Content-Type: text/html\r\n\r\n<p>x</p>", _coded("application/octet-stream\r\nContent-Location: https://dept.example/a", _file(t, x))), "both", "page.mht", MHT)  # fmt: skip
_eml("address of a file", lambda t, x: _saved("Content-Type: text/html\r\n\r\n<p>x</p>", _coded(f"text/css\r\nContent-Location: {(t or INNOCENT).replace(' ', '_')}", b"p {}")), "words", "page.mht", MHT)  # fmt: skip


def _box(*messages: str) -> str:
    return "".join(f"From a@dept.example Tue Mar 27 10:00:00 2018\r\n{m}\r\n\r\n" for m in messages)


MBOX = "mailbox (mbox)"
_eml("second message", lambda t, x: _box(f"{HEAD}\r\nHello", f"{HEAD}\r\n{_said(t, x)}"), "both", "mails.mbox", MBOX)  # fmt: skip
_eml("attachment of a message", lambda t, x: _box(_multipart(PLAIN, _coded("text/csv; name=a.csv", _file(t, x)))), "both", "mails.mbox", MBOX)  # fmt: skip
_eml("line between the messages", lambda t, x: _box(f"{HEAD}\r\nHello").replace("2018\r\n", f"2018 {t or INNOCENT}\r\n"), "words", "mails.mbox", MBOX)  # fmt: skip


def msg(properties: dict[Any, Any], named: tuple[str, ...] = (), **inside: Any) -> bytes:
    tree = items.storage(32, {(0x1A, TEXT): "IPM.Note"} | properties, **inside)
    return items.compound({**tree, "__nameid_version1.0": items.names(*named)})


def _attached(properties: dict[Any, Any], **inside: Any) -> dict[str, Any]:
    return {"__attach_version1.0_#00000000": items.storage(8, properties, **inside)}


def _inner(text: str, rows: Rows) -> bytes:
    inner = items.storage(24, {(0x1A, TEXT): "IPM.Note", (0x1000, TEXT): _said(text, rows)})
    return msg({}, **_attached({(0x3705, NUMBER): 5}, **{"__substg1.0_3701000D": inner}))


def _rtf(text: str, rows: Rows) -> bytes:
    said = _said(text, rows).replace("\n", "\\par\n")
    return items.compressed_rtf(f"{{\\rtf1\\ansi {said}}}".encode())


def _outlook(where: str, write: Callable[[str, Rows], bytes], holds: str = "both") -> None:
    place("Outlook message (MSG)", where, "papers.msg", holds=holds)(write)  # type: ignore[arg-type]


_outlook("subject", lambda t, x: msg({(0x37, TEXT): t or INNOCENT}), "words")
_outlook("body", lambda t, x: msg({(0x1000, TEXT): _said(t, x)}))
_outlook("body in eight bits", lambda t, x: msg({(0x1000, EIGHT): _said(t, x)}))
_outlook("page", lambda t, x: msg({(0x1013, BINARY): _page(t, x).encode()}))
_outlook("rich text", lambda t, x: msg({(0x1009, BINARY): _rtf(t, x)}))
_outlook("headers of the transport", lambda t, x: msg({(0x7D, TEXT): f"{HEAD}X-Note: {t or INNOCENT}\r\n"}), "words")  # fmt: skip
_outlook("property of a program's own", lambda t, x: msg({(0x8000, TEXT): _said(t, x)}, ("office_note",)))  # fmt: skip
_outlook("recipient", lambda t, x: msg({}, **{"__recip_version1.0_#00000000": items.storage(8, {(0x3001, TEXT): t or INNOCENT})}), "words")  # fmt: skip
_outlook("attachment", lambda t, x: msg({}, **_attached({(0x3701, BINARY): _file(t, x), (0x3707, TEXT): "a.csv", (0x3705, NUMBER): 1})))  # fmt: skip
_outlook("name of an attachment", lambda t, x: msg({}, **_attached({(0x3701, BINARY): b"x", (0x3707, TEXT): f"{t or INNOCENT}.txt", (0x3705, NUMBER): 1})), "words")  # fmt: skip
_outlook("message in the message", _inner)
_outlook("stream of no known name", lambda t, x: msg({}, notes=_file(t, x)))
_outlook("second subject", lambda t, x: msg({(0x37, TEXT): "Lunch", (0x37, EIGHT): t or INNOCENT}), "words")  # fmt: skip
_outlook("property of bytes", lambda t, x: msg({(0x8000, BINARY): _file(t, x)}, ("office_note",)))
_outlook("lengths of a property", lambda t, x: msg({}, **{"__substg1.0_8000101F": _file(t, x)}))
_outlook("name of a property", lambda t, x: msg({}, (t or INNOCENT,)), "words")
_outlook("storage in a recipient", lambda t, x: msg({}, **{"__recip_version1.0_#00000000": {**items.storage(8, {(0x3001, TEXT): "A. Field"}), "notes": {"note": _file(t, x)}}}))  # fmt: skip
_outlook("icon of an attachment", lambda t, x: msg({}, **_attached({(0x3701, BINARY): b"x", (0x3709, BINARY): _file(t, x), (0x3705, NUMBER): 1})))  # fmt: skip
_outlook("behind the end", lambda t, x: msg({}) + _file(t, x))


@place("Outlook message (MSG)", "attachment kept elsewhere", "papers.msg", expect="unreadable", reason="only its address is in the message")  # fmt: skip
def _elsewhere(text: str, rows: Rows) -> bytes:
    return msg({}, **_attached({(0x3707, TEXT): "a.csv", (0x3705, NUMBER): 7}))


@place("Outlook message (MSG)", "rights-protected message", "papers.msg", expect="encrypted", reason=NO_PASSWORD)  # fmt: skip
def _protected(text: str, rows: Rows) -> bytes:
    locked = bytes.fromhex("76e80460c411e386") + _file(text, rows)
    file = {(0x3701, BINARY): locked, (0x3707, TEXT): "message.rpmsg", (0x3705, NUMBER): 1}
    return msg({}, **_attached(file))


def _tnef(where: str, write: Callable[[str, Rows], bytes], holds: str = "both") -> None:
    place("winmail.dat (TNEF)", where, "winmail.dat", holds=holds)(  # type: ignore[arg-type]
        lambda text, rows: items.tnef(write(text, rows))
    )


def _winmail(content: bytes, name: bytes = b"A.CSV") -> bytes:
    return (
        items.attribute(0x00069002, b"\1\0" + bytes(12), 2) + items.attribute(0x0006800F, content, 2)
        + items.attribute(0x00018010, name + b"\0", 2)
    )  # fmt: skip


_tnef("subject", lambda t, x: items.attribute(0x00018004, (t or INNOCENT).encode() + b"\0"), "words")  # fmt: skip
_tnef("body", lambda t, x: items.attribute(0x0002800C, _file(t, x) + b"\0"))
_tnef("property", lambda t, x: items.attribute(0x00069003, items.property_list({(0x1000, TEXT): _said(t, x)})))  # fmt: skip
_tnef("page", lambda t, x: items.attribute(0x00069003, items.property_list({(0x1013, BINARY): _page(t, x).encode()})))  # fmt: skip
_tnef("rich text", lambda t, x: items.attribute(0x00069003, items.property_list({(0x1009, BINARY): _rtf(t, x)})))  # fmt: skip
_tnef("attachment", lambda t, x: _winmail(_file(t, x)))
_tnef("name of an attachment", lambda t, x: _winmail(b"x", (t or INNOCENT).encode()), "words")
_tnef("attribute that no document names", lambda t, x: items.attribute(0x00060FFF, _file(t, x)))
place("winmail.dat (TNEF)", "behind the end", "winmail.dat")(lambda t, x: items.tnef(_winmail(b"x")) + _file(t, x))  # fmt: skip


def _folded(line: str) -> str:
    return "\r\n ".join(line[i : i + 70] for i in range(0, len(line), 70))


def _value(text: str) -> str:
    return text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;").replace("\n", "\\n")


CALENDAR = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n%sBEGIN:VEVENT\r\nSUMMARY:Lunch\r\n%s\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n%s"
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:A. Field\r\n%s\r\nEND:VCARD\r\n"


def _line(format: str, where: str, write: Callable[[str, Rows], str], holds: str = "both") -> None:
    name = "lunch.ics" if format == "iCalendar" else "field.vcf"

    def build(text: str, rows: Rows) -> bytes:
        line = _folded(write(text, rows))
        return (CALENDAR % ("", line, "") if format == "iCalendar" else CARD % line).encode()

    place(format, where, name, holds=holds)(build)  # type: ignore[arg-type]


def _b64(text: str, rows: Rows) -> str:
    return base64.b64encode(_file(text, rows)).decode()


_line("iCalendar", "description", lambda t, x: f"DESCRIPTION:{_value(_said(t, x))}")
_line("iCalendar", "comment", lambda t, x: f"COMMENT:{_value(_said(t, x))}")
_line("iCalendar", "place", lambda t, x: f"LOCATION:{_value(t or INNOCENT)}", "words")
_line("iCalendar", "name of a guest", lambda t, x: f'ATTENDEE;CN="{t or INNOCENT}":mailto:a@dept.example', "words")  # fmt: skip
_line("iCalendar", "page", lambda t, x: f"X-ALT-DESC;FMTTYPE=text/html:{_value(_page(t, x))}")
_line("iCalendar", "attached file", lambda t, x: f"ATTACH;ENCODING=BASE64;VALUE=BINARY;X-FILENAME=a.csv:{_b64(t, x)}")  # fmt: skip
_line("iCalendar", "attached address", lambda t, x: f"ATTACH:data:text/csv;base64,{_b64(t, x)}")
_line("iCalendar", "property of a program's own", lambda t, x: f"X-NOTE:{_value(_said(t, x))}")
_line("iCalendar", "parameter", lambda t, x: f'SUMMARY;X-NOTE="{t or INNOCENT}":x', "words")
place("iCalendar", "behind the end", "lunch.ics")(lambda t, x: (CALENDAR % ("", "COMMENT:x", _said(t, x))).encode())  # fmt: skip
_line("vCard", "note", lambda t, x: f"NOTE:{_value(_said(t, x))}")
_line("vCard", "property of a program's own", lambda t, x: f"X-NOTE:{_value(_said(t, x))}")
_line("vCard", "picture", lambda t, x: f"PHOTO;ENCODING=b:{_b64(t, x)}")
_line("vCard", "address of a file", lambda t, x: f"KEY:data:text/csv;base64,{_b64(t, x)}")
place("vCard", "behind the end", "field.vcf")(lambda t, x: (CARD % "NOTE:x" + _said(t, x)).encode())


@place("vCard", "a card for each person", "people.vcf", holds="rows")
def _cards(text: str, rows: Rows) -> bytes:
    """Persons with an address and a birthday; for two innocent cards there is no table to judge."""
    count = len(rows)
    return "".join(
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Person Number{i}\r\nEMAIL:p{i}@home.example\r\n"
        f"TEL:+44 20 7946 {i:04}\r\nBDAY:19{50 + i}-03-{i + 10}\r\nEND:VCARD\r\n"
        for i in range(count or 1)
    ).encode()


@cache
def _identity() -> tuple[Any, Any]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A. Field")])
    start = datetime(2018, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(1)
    builder = builder.public_key(key.public_key()).not_valid_before(start)
    return builder.not_valid_after(start + timedelta(days=900)).sign(key, hashes.SHA256()), key


def _signed(content: bytes, encoding: Any = serialization.Encoding.DER) -> bytes:
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    builder = builder.add_signer(*_identity(), hashes.SHA256())
    return builder.sign(encoding, [pkcs7.PKCS7Options.Binary])


def _entity(text: str, rows: Rows) -> bytes:
    return _crlf(f"Content-Type: text/plain\n\n{_said(text, rows)}\n").encode()


SIGNED = "S/MIME, signed"
place(SIGNED, "message inside the signature", "smime.p7m")(lambda t, x: _signed(_entity(t, x)))
place(SIGNED, "file inside the signature", "a.csv.p7m")(lambda t, x: _signed(_file(t, x)))
place(SIGNED, "in letters (PEM)", "smime.p7m")(lambda t, x: _signed(_entity(t, x), serialization.Encoding.PEM))  # fmt: skip
place(SIGNED, "signature inside a signature", "smime.p7m")(lambda t, x: _signed(b"Content-Type: application/pkcs7-mime; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(_signed(_entity(t, x)))))  # fmt: skip


@place("S/MIME, encrypted", "message", "smime.p7m", expect="encrypted", reason=NO_PASSWORD)
def _enveloped(text: str, rows: Rows) -> bytes:
    """Enveloped data ([RFC 5652] section 6) without recipients: the first bytes say what it is."""
    oid = bytes.fromhex("06092a864886f70d010703")
    body = b"\x30\x80\x02\x01\x00" + _file(text, rows)
    return b"\x30\x80" + oid + b"\xa0\x80" + body + bytes(6)
