"""The five published incidents and some innocent mail, as messages that the demo plays.

People, firms and figures are invented; what happens is what the breach reports tell.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from zoneinfo import ZoneInfo

_LONDON = ZoneInfo("Europe/London")
_CARE_BANNER = "EMBARGOED UNTIL 9:30AM ON WEDNESDAY 28 MARCH 2018"


@dataclass(frozen=True, slots=True)
class Play:
    """One message: `at` is when it is sent, `story` what a newcomer should know about it."""

    title: str
    story: str
    at: datetime
    sender: str
    recipients: tuple[str, ...]
    subject: str
    body: str
    attachments: tuple[tuple[str, bytes], ...] = ()

    def message(self) -> bytes:
        """The message as a mail client would send it; blind copies stay out of its header."""
        mail = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
        mail["From"] = self.sender
        mail["To"] = self.recipients[0]
        if self.recipients[1:]:
            mail["Cc"] = ", ".join(self.recipients[1:])
        mail["Subject"] = self.subject
        mail["Date"] = format_datetime(self.at)
        mail["Message-ID"] = f"<{self.at:%Y%m%d%H%M%S}.demo@dept.example>"
        mail.set_content(self.body)
        for name, content in self.attachments:
            mail.add_attachment(content, maintype="text", subtype="csv", filename=name)
        return mail.as_bytes()


def plays() -> tuple[Play, ...]:
    """All of them, in the order of their time."""
    return (
        *_firm_records(), _management_information(), *_forwarded_pack(), _similar_title(),
        *_summary(), *_innocent(),
    )  # fmt: skip


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=_LONDON)


def _firm_records() -> tuple[Play, ...]:
    sender, outside = "c.lane@dept.example", ("former.contractor@webmail.example",)
    return (
        Play(
            "Firms' records as \"dummy data\"",
            "15 firms x 44 answers, nothing marked, to a private address",
            _at("2013-04-16T18:23"), sender, outside, "Test file for the collection tool",
            "Hi,\n\nthis is only test data, to show you the format.\n",
            (("dummy.csv", _firms(15)),),
        ),
        Play(
            "... and the whole file",
            "the next day: 15,000 rows of the same",
            _at("2013-04-17T13:58"), sender, outside, "Larger test file",
            "The larger one. Dummy data again.\n",
            (("dummy-full.csv", _firms(15_000)),),
        ),
    )  # fmt: skip


def _management_information() -> Play:
    return Play(
        "Management information to a newspaper",
        "an internal export for months that are not published yet",
        _at("2016-09-30T16:10"), "o.wells@dept.example", ("reporter@newspaper.example",),
        "as discussed",
        "Emergency response times, see attached.\n",
        (("export.csv", _response_times()),),
    )  # fmt: skip


def _forwarded_pack() -> tuple[Play, ...]:
    team = tuple(f"{name}@dept.example" for name in ("a.cole", "b.dunn", "f.gray", "i.kerr"))
    body = (
        f"{_CARE_BANNER}\n\nDo not forward this or discuss it with anybody who did not receive it."
        "\n\nChildren in care and care leavers, 2018: text, methodology and tables attached.\n"
    )
    pack = (("tables.csv", _care_table()),)
    sent = Play(
        "Pre-release pack, by the book",
        "the producer sends it to three listed people inside the window",
        _at("2018-03-27T09:30"), "s.field@dept.example",
        ("j.marsh@dept.example", "e.hart@dept.example", "r.dale@dept.example"),
        "Children in care 2018: pre-release access", body, pack,
    )  # fmt: skip
    forwarded = Play(
        "Pack forwarded to the team",
        "one listed person forwards everything to another listed one and four who are not",
        _at("2018-03-27T10:39"), "e.hart@dept.example", ("r.dale@dept.example", *team),
        "FW: Children in care 2018: pre-release access",
        "For your briefing.\n\n-----Original Message-----\n" + body, pack,
    )  # fmt: skip
    early = Play(
        "One second before publication", "09:29:59",
        _at("2018-03-28T09:29:59"), "e.hart@dept.example", team[:1],
        "FW: Children in care 2018", body, pack,
    )  # fmt: skip
    published = Play(
        "Published", "09:30:00, the same message",
        _at("2018-03-28T09:30:00"), "e.hart@dept.example", team[:1],
        "FW: Children in care 2018", body, pack,
    )  # fmt: skip
    return sent, forwarded, early, published


def _similar_title() -> Play:
    return Play(
        "A title that resembles a listed one",
        "one recipient's listed role ended three days ago, the other was never listed",
        _at("2020-06-03T10:05"), "w.holt@dept.example",
        ("h.reed@dept.example", "people.policy@dept.example", "k.webb@dept.example"),
        "Service personnel statistics, April 2020",
        "EMBARGOED UNTIL 9:30AM ON THURSDAY 4 JUNE 2020\n\n"
        "Service personnel statistics, April 2020: please find the papers below.\n",
    )  # fmt: skip


def _summary() -> tuple[Play, ...]:
    colleagues = ("a.cole", "b.dunn", "f.gray", "i.kerr", "m.nash", "o.penn")
    return (
        Play(
            "Five headline figures, retyped",
            "a list member's own summary to six colleagues who are not listed",
            _at("2020-11-11T11:45"), "l.crane@dept.example",
            tuple(f"{name}@dept.example" for name in colleagues),
            "Heads-up for tomorrow",
            "OFFICIAL-SENSITIVE\n\nFostering statistics, main points so you can prepare lines:\n"
            "- 45,370 approved households, up 2.1% on the year\n"
            "- 8,880 newly approved, 76% of them through councils\n"
            "- places offered 88,180, of which 14,900 are vacant\n"
            "- 63.4% of applications came from agencies\n"
            "- 9,245 deregistered\n",
        ),
        Play(
            "The briefing note, 20:35",
            "the private office sends it to the duty press officer, who is not on the list",
            _at("2020-11-11T20:35"), "e.hart@dept.example", ("d.ash@dept.example",),
            "Final briefing",
            "OFFICIAL-SENSITIVE: STATISTICS. EMBARGOED UNTIL 9:30AM ON THURSDAY 12 NOVEMBER 2020"
            "\n\nBriefing on the fostering statistics for tomorrow.\n",
        ),
    )  # fmt: skip


def _innocent() -> tuple[Play, ...]:
    return (
        Play(
            "Lunch", "ordinary mail",
            _at("2020-11-11T20:40"), "d.ash@dept.example", ("friend@webmail.example",),
            "Lunch on Friday?", "Half past twelve at the usual place?\n",
        ),
        Play(
            "Another kind of embargo", "the word alone holds nothing",
            _at("2020-11-11T20:41"), "d.ash@dept.example", ("editor@newspaper.example",),
            "Trade notes",
            "The arms embargo of 1990 and the trade embargo that followed are well documented.\n",
        ),
        Play(
            "A published table", "counts by region, long since public",
            _at("2020-11-11T20:42"), "s.field@dept.example", ("student@university.example",),
            "Your question", "Here is the table from last year's bulletin.\n",
            (("regions.csv", _care_table()),),
        ),
    )  # fmt: skip


def _rows(header: list[str], rows: list[list[object]]) -> bytes:
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(header)
    writer.writerows(rows)
    return target.getvalue().encode()


def _firms(count: int) -> bytes:
    """One row a firm, 44 columns; seeded, so that every demo is the same."""
    source = random.Random(2013)
    header = ["ruref", "company name", "postcode", "sic", "employees", "turnover"]
    header += [f"q{number}" for number in range(1, 39)]
    kinds: list[Callable[[], object]] = [
        lambda: source.randrange(10, 10_000_000),
        lambda: source.choice(("yes", "no", "")),
        lambda: source.randrange(0, 101),
    ]
    rows: list[list[object]] = []
    for number in range(count):
        name = f"{source.choice(_NAMES)} {source.choice(_TRADES)} {number} Ltd"
        postcode = f"{source.choice(('AB', 'CF', 'EH', 'LS'))}{source.randrange(1, 20)} {source.randrange(1, 10)}{source.choice('ABDE')}{source.choice('FGHJ')}"
        firm: list[object] = [
            49_900_000_000 + source.randrange(10**8), name, postcode,
            source.randrange(10_000, 99_999), source.randrange(1, 4_000),
            source.randrange(10_000, 90_000_000),
        ]  # fmt: skip
        rows.append(firm + [kinds[column % 3]() for column in range(38)])
    return _rows(header, rows)


_NAMES = ("Alder", "Birch", "Cedar", "Elm", "Hazel", "Juniper", "Larch", "Maple", "Rowan", "Willow")
_TRADES = ("Castings", "Freight", "Glass", "Holdings", "Mills", "Optics", "Pumps", "Textiles")


def _care_table() -> bytes:
    regions = ("North", "Midlands", "East", "London", "South", "Wales")
    years = (2014, 2015, 2016, 2017, 2018)
    source = random.Random(2018)
    counts = [[5 * source.randrange(200, 2_000) for _ in years] for _ in regions]
    rows: list[list[object]] = [[name, *row] for name, row in zip(regions, counts, strict=True)]
    rows.append(["Total", *(sum(column) for column in zip(*counts, strict=True))])
    return _rows(["Region", *map(str, years)], rows)


def _response_times() -> bytes:
    months = ("April", "May", "June", "July", "August")
    source = random.Random(2016)
    rows: list[list[object]] = [
        ["OFFICIAL-SENSITIVE: management information, not for onward circulation"],
        ["Area", *(f"{month} 2016" for month in months)],
    ]
    for area in ("North", "East", "South", "West", "Total"):
        rows.append([area, *(f"{source.uniform(6, 14):.1f}" for _ in months)])
    return _rows(["Emergency response times, minutes"], rows)
