"""The messages that the end-to-end tests send; everybody in them is invented."""

from __future__ import annotations

import io
import random
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import xlsxwriter

XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def mail(
    sender: str, to: list[str], subject: str, body: str, at: datetime,
    attachments: list[tuple[str, bytes, tuple[str, str]]] | None = None,
) -> bytes:  # fmt: skip
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message["From"] = sender
    message["To"] = ", ".join(to)
    message["Subject"] = subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{abs(hash((subject, at, tuple(to)))):x}@dept.example>"
    message.set_content(body)
    for name, content, (maintype, subtype) in attachments or []:
        message.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
    return message.as_bytes()


def firm_workbook(rows: int, columns: int = 44) -> bytes:
    """One row a firm: reference, name, postcode and the answers to a questionnaire."""
    source = random.Random(rows)
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("Sheet1")
    sheet.write_row(0, 0, ["ruref", "name", "postcode"] + [f"q{n}" for n in range(columns - 3)])
    for row in range(1, rows + 1):
        code = f"LS{source.randrange(1, 29)} {source.randrange(1, 9)}AB"
        answers = [source.randrange(100, 9_000_000) for _ in range(columns - 3)]
        name = f"{source.choice(('Alder', 'Birch', 'Cedar', 'Rowan'))} {row} Ltd"
        sheet.write_row(row, 0, [49_900_000_000 + row * 7, name, code, *answers])
    book.close()
    return target.getvalue()


def count_workbook() -> bytes:
    """A table of counts by region and year, with totals, as it is published."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("Table 1")
    sheet.write(0, 0, "Table 1: Children by region, 31 March, 2014 to 2018")
    sheet.write_row(2, 0, ["Region", 2014, 2015, 2016, 2017, 2018])
    regions = ["North", "Midlands", "East", "London", "South"]
    table = [[100 * (i + 3) + 5 * j for j in range(5)] for i in range(5)]
    for i, region in enumerate(regions):
        sheet.write_row(3 + i, 0, [region, *table[i]])
    sheet.write_row(8, 0, ["Total", *(sum(column) for column in zip(*table, strict=True))])
    book.close()
    return target.getvalue()
