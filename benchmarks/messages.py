"""Three classes of message, seeded: a 2.1 KB text; b 58.7 KB with a 500-row CSV; c 3.35 MB with a
15,000 x 44 workbook. Everything in them is invented."""

from __future__ import annotations

import csv
import io
import random
import textwrap
from email.message import EmailMessage
from email.policy import SMTP

import xlsxwriter

_WORDS = (
    "meeting invoice project plan schedule delivery team update contract budget order number "
    "regards thanks morning office account service support request change approve version final "
    "open closed pending ticket room train coffee minutes agenda holiday cover rota printer"
).split()
_FIRST = "Ada Bela Cleo Dora Emil Femi Gwen Hari Ivo Jana Kofi Lena Milo Nora Omar Pia".split()
_LAST = "Abel Brook Carr Dunn Ellis Frost Grant Hale Irwin Joyce Kerr Lowe Moss Nash".split()


def classes(seed: int = 42) -> dict[str, bytes]:
    """The messages by class, CRLF line endings."""
    source = random.Random(seed)
    return {"a": _text(source), "b": _with_csv(source), "c": _with_workbook(source)}


def _message(source: random.Random, subject: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = "Alice Example <alice@dept.example>"
    message["To"] = "bob@partner.example"
    message["Subject"] = subject
    message["Date"] = "Fri, 20 Nov 2026 10:00:00 +0000"
    message["Message-ID"] = f"<{source.getrandbits(128):032x}@dept.example>"
    return message


def _paragraph(source: random.Random, words: int) -> str:
    return textwrap.fill(" ".join(source.choice(_WORDS) for _ in range(words)), 72)


def _row(source: random.Random, number: int) -> list[str | int]:
    first, last = source.choice(_FIRST), source.choice(_LAST)
    phone = f"+44 7{source.randrange(10**9):09d}"
    card = f"4{source.randrange(10**15):015d}" if number % 5 == 0 else ""
    iban = f"GB{source.randrange(10**20):020d}" if number % 7 == 0 else ""
    mail = f"{first}.{last}{number}@mail.example".lower()
    return [number, first, last, mail, phone, card, iban]


def _text(source: random.Random) -> bytes:
    message = _message(source, "Weekly note")
    paragraphs = []
    while sum(map(len, paragraphs)) < 1700:
        paragraphs.append(_paragraph(source, 60))
    message.set_content("\n\n".join(paragraphs) + "\n")
    return message.as_bytes()


def _with_csv(source: random.Random) -> bytes:
    message = _message(source, "Export")
    message.set_content(_paragraph(source, 200) + "\n")
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["id", "first", "last", "email", "phone", "card", "iban", "note"])
    for number in range(500):
        note = f"{source.choice(_WORDS)} {source.choice(_WORDS)}"
        writer.writerow([*_row(source, number), note])
    content = text.getvalue().encode()
    message.add_attachment(content, maintype="text", subtype="csv", filename="export.csv")
    return message.as_bytes()


def _with_workbook(source: random.Random) -> bytes:
    message = _message(source, "Customer base")
    message.set_content(_paragraph(source, 200) + "\n")
    message.add_attachment(
        workbook(source, 15_000),
        maintype="application",
        subtype="vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        filename="customers.xlsx",
    )
    return message.as_bytes()


def workbook(source: random.Random, rows: int) -> bytes:
    """Unit rows, 44 columns."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"constant_memory": True, "in_memory": True})
    sheet = book.add_worksheet("Data")
    header = ["id", "first", "last", "email", "phone", "card", "iban"]
    sheet.write_row(0, 0, header + [f"c{number}" for number in range(37)])
    for number in range(rows):
        answers = [
            source.randrange(10) if column % 3 else source.choice(("yes", "no", ""))
            for column in range(37)
        ]
        sheet.write_row(number + 1, 0, _row(source, number) + answers)
    book.close()
    return target.getvalue()
