"""The five published incidents, through real SMTP, against the shipped policy."""

from __future__ import annotations

from datetime import datetime
from email import message_from_bytes
from email.message import Message
from zoneinfo import ZoneInfo

import pytest
from end_to_end.letters import XLSX, count_workbook, firm_workbook, mail
from support.gateway import InThread
from support.sink import Sink

LONDON = ZoneInfo("Europe/London")
BANNER = "RESTRICTED UNTIL PUBLISHED AT 9:30AM ON WEDNESDAY 28 MARCH 2018"
OFFICER = "security-officer@dept.example"
TEAM = [f"{name}@dept.example" for name in ("a.cole", "b.dunn", "f.gray", "i.kerr", "m.nash", "o.penn")]  # fmt: skip


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


class Aftermath:
    """What a message led to: who got it, who is held, what the gateway wrote, to whom."""

    def __init__(self, gateway: InThread, sink: Sink, sender: str) -> None:
        gateway.deliver_stored()
        self.delivered = {
            address for d in sink.deliveries if f"<{sender}>" in d.mail for address in d.addresses
        }
        self.held = {r.recipient.address for hold in gateway.store.holds() for r in hold.held}
        own = [d for d in sink.deliveries if "FROM:<>" in d.mail]
        letters = [(set(d.addresses), message_from_bytes(d.content)) for d in own]
        self.notices = [letter for to, letter in letters if sender in to]
        self.alerts = [letter for to, letter in letters if OFFICER in to]
        self.alerted = {address for to, _ in letters if OFFICER in to for address in to}


def text(letter: Message) -> str:
    return "".join(
        part.get_payload(decode=True).decode()
        for part in letter.walk()
        if part.get_content_type() == "text/plain"
    )


@pytest.fixture
def play(gateway: InThread, sink: Sink):
    def run(when: str, sender: str, to: list[str], subject: str, body: str, attachments=None):
        gateway.clock.at = at(when)
        content = mail(sender, to, subject, body, at(when), attachments)
        reply = gateway.send(sender, to, content)
        return reply, Aftermath(gateway, sink, sender)

    return run


@pytest.mark.parametrize("rows", [15, 15_000])
def test_firms_records_called_dummy_data_do_not_leave(play, rows: int) -> None:
    book = firm_workbook(rows)
    reply, after = play(
        "2013-04-16T18:23", "c.lane@dept.example", ["ex.contractor@webmail.example"],
        "Test file", "This is only test data.", [("dummy.xlsx", book, XLSX)],
    )  # fmt: skip
    assert reply.startswith("250 2.0.0")
    assert after.delivered == set()
    assert after.held == {"ex.contractor@webmail.example"}
    assert len(after.notices) == 1 and len(after.alerts) == 1
    assert "near miss" in after.alerts[0]["Subject"]


def test_the_same_table_of_counts_may_leave_once_nothing_is_embargoed(play) -> None:
    reply, after = play(
        "2019-04-16T18:23", "s.field@dept.example", ["student@university.example"],
        "Your question", "The published table.", [("table.xlsx", count_workbook(), XLSX)],
    )  # fmt: skip
    assert reply == "250 2.0.0 ok"
    assert after.delivered == {"student@university.example"}
    assert not after.held and not after.notices and not after.alerts


def test_a_marked_summary_of_headline_figures_stays_with_the_list(play) -> None:
    body = (
        "OFFICIAL-SENSITIVE\n\nFostering statistics: 45,370 households, up 2.1%, 8,880 new, "
        "76% through councils, 9,245 gone.\n"
    )
    reply, after = play(
        "2020-11-11T11:45", "l.crane@dept.example", TEAM, "Heads-up for tomorrow", body
    )
    assert reply.startswith("250 2.0.0")
    assert after.delivered == set()
    assert after.held == set(TEAM)
    assert len(after.notices) == 1
    notice = text(after.notices[0])
    assert all(address in notice for address in TEAM)
    assert "45,370" not in notice and "Heads-up" not in notice
    assert "care-statistics@dept.example" in after.alerted


def test_the_same_summary_unmarked_is_held_on_its_figures_beside_the_releases_name(play) -> None:
    body = "Fostering statistics: 45,370 households, up 2.1%, 8,880 new, 76% through councils.\n"
    _, after = play("2020-11-11T11:45", "l.crane@dept.example", TEAM, "Heads-up", body)
    assert after.delivered == set()
    assert after.held == set(TEAM)


def test_a_hint_without_a_single_figure_is_a_breach_that_somebody_hears_of(play) -> None:
    to = [*TEAM[:2], "k.webb@dept.example"]
    body = "Tomorrow's fostering numbers look unfavourable. Keep it to yourselves.\n"
    _, after = play("2020-11-11T20:00", "e.hart@dept.example", to, "Tomorrow", body)
    assert after.delivered == set(to) and after.held == set()
    alert = " ".join(text(after.alerts[0]).split())
    assert len(after.alerts) == 1 and "breach" in after.alerts[0]["Subject"].lower()
    assert "The message hints at what “Fostering statistics, 2020” will say" in alert
    assert TEAM[0] in alert and "unfavourable" not in alert
    assert "unfavourable" not in text(after.notices[0])


def test_the_duty_press_officer_who_is_not_listed_waits_until_morning(play) -> None:
    body = (
        "OFFICIAL-SENSITIVE: STATISTICS. EMBARGOED UNTIL 9:30AM ON THURSDAY 12 NOVEMBER 2020\n\n"
        "Final briefing on the fostering statistics.\n"
    )
    to = ["d.ash@dept.example", "k.webb@dept.example"]
    reply, after = play("2020-11-11T20:35", "e.hart@dept.example", to, "Final briefing", body)
    assert reply.startswith("250 2.0.0")
    assert after.held == {"d.ash@dept.example"}
    assert after.delivered == {"k.webb@dept.example"}
    assert len(after.notices) == 1 and len(after.alerts) == 1


FORWARDED = ["r.dale@dept.example", *TEAM]


def pack(play, when: str, to: list[str] = FORWARDED):
    body = (
        f"FYI\n\n-----Original Message-----\n{BANNER}\n\nChildren in care 2018, tables attached.\n"
    )
    tables = [("tables.xlsx", count_workbook(), XLSX)]
    return play(when, "e.hart@dept.example", to, "FW: Children in care 2018", body, tables)


def test_a_pack_forwarded_to_a_team_reaches_only_the_one_who_is_listed(play) -> None:
    reply, after = pack(play, "2018-03-27T10:39")
    assert reply.startswith("250 2.0.0")
    assert after.delivered == {"r.dale@dept.example"}
    assert after.held == set(TEAM)
    assert len(after.notices) == 1
    assert all(address in text(after.notices[0]) for address in TEAM)
    assert len(after.alerts) == 1


def test_one_second_before_publication_the_pack_is_held(play) -> None:
    _, after = pack(play, "2018-03-28T09:29:59", TEAM[:2])
    assert after.delivered == set()
    assert after.held == set(TEAM[:2])


def test_at_the_instant_of_publication_the_pack_passes(play) -> None:
    reply, after = pack(play, "2018-03-28T09:30:00", TEAM[:2])
    assert reply == "250 2.0.0 ok"
    assert after.delivered == set(TEAM[:2])
    assert not after.held and not after.notices and not after.alerts


def test_the_producer_sends_the_pack_to_the_list_and_nobody_is_bothered(play) -> None:
    to = ["j.marsh@dept.example", "e.hart@dept.example", "n.frost@other.example"]
    body = f"{BANNER}\n\nChildren in care 2018: tables attached.\n"
    reply, after = play(
        "2018-03-27T09:30", "s.field@dept.example", to, "Children in care 2018", body,
        [("tables.xlsx", count_workbook(), XLSX)],
    )  # fmt: skip
    assert reply == "250 2.0.0 ok"
    assert after.delivered == set(to)
    assert not after.held and not after.alerts


def test_a_reply_that_copies_one_unlisted_colleague_is_held_for_them_alone(play) -> None:
    body = f"Draft lines below.\n\n> {BANNER}\n> Children in care 2018\n"
    to = ["r.dale@dept.example", "a.cole@dept.example"]
    _, after = play("2018-03-27T13:31", "t.moss@dept.example", to, "RE: Children in care 2018", body)  # fmt: skip
    assert after.delivered == {"r.dale@dept.example"}
    assert after.held == {"a.cole@dept.example"}


def test_a_role_that_ended_and_a_similar_title_are_both_held(play) -> None:
    body = (
        "EMBARGOED UNTIL 9:30AM ON THURSDAY 4 JUNE 2020\n\n"
        "Service personnel statistics, April 2020: papers below.\n"
    )
    to = ["h.reed@dept.example", "people.policy@dept.example", "k.webb@dept.example"]
    _, after = play("2020-06-03T10:05", "w.holt@dept.example", to, "Pre-release papers", body)
    assert after.delivered == {"k.webb@dept.example"}
    assert after.held == {"h.reed@dept.example", "people.policy@dept.example"}
    assert "31 May 2020" in text(after.notices[0])


def test_management_information_does_not_reach_a_newspaper(play) -> None:
    export = (
        b"OFFICIAL-SENSITIVE: management information\nArea,April 2016,May 2016,June 2016\n"
        b"North,8.1,8.4,8.9\nEast,7.2,7.7,7.9\nSouth,9.0,9.2,9.9\nTotal,8.1,8.4,8.9\n"
    )
    _, after = play(
        "2016-09-30T16:10", "o.wells@dept.example", ["reporter@newspaper.example"], "as discussed",
        "See attached.", [("export.csv", export, ("text", "csv"))],
    )  # fmt: skip
    assert after.delivered == set()
    assert after.held == {"reporter@newspaper.example"}
    assert len(after.alerts) == 1


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Lunch?", "Half past twelve on Friday?"),
        ("Trade notes", "The arms embargo of 1990 and the trade embargo that followed."),
        ("Invoice 4711", "Please find our invoice over 1,250.00 due in 30 days, 2% discount."),
        ("Footer", "See you.\n--\nThis e-mail is confidential and intended for the recipient."),
        ("Shares", "The restricted share units vest in March; trading is restricted until then."),
    ],
)
def test_ordinary_mail_passes_with_the_next_hops_own_reply(play, subject: str, body: str) -> None:
    reply, after = play(
        "2020-11-11T20:40", "d.ash@dept.example", ["friend@webmail.example"], subject, body
    )
    assert reply == "250 2.0.0 ok"
    assert after.delivered == {"friend@webmail.example"}
    assert not after.held and not after.notices and not after.alerts


@pytest.mark.parametrize(
    ("sentence", "notices"),
    [("", 1), ("If you were not expecting this, contact us at once.\n", 0)],
)
def test_the_sender_of_a_pack_is_told_of_the_sentence_that_it_lacks(
    play, sentence: str, notices: int
) -> None:
    body = (
        "EMBARGOED UNTIL 9:30AM ON THURSDAY 4 JUNE 2020\n\n"
        f"Service personnel statistics: 145,320, down 1.2%, 12,340 joined.\n{sentence}"
    )
    to = ["k.webb@dept.example"]
    _, after = play("2020-06-03T10:00", "w.holt@dept.example", to, "Service personnel", body)
    assert after.delivered == set(to) and not after.held and not after.alerts
    assert len(after.notices) == notices
    for notice in after.notices:
        assert "“If you were not expecting this e-mail, contact us at" in " ".join(
            text(notice).split()
        )
