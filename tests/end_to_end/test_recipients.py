"""Who is on a message, who has joined it, and where its links lead, through real SMTP."""

from __future__ import annotations

from datetime import datetime
from email import message_from_bytes
from pathlib import Path
from typing import Callable

import pytest
from end_to_end.letters import XLSX, firm_workbook, mail
from end_to_end.test_incidents import BANNER, Aftermath, at, text
from support.gateway import InThread, SetClock, write_config
from support.sink import Sink

from gateway.config_reading import load_config

Play = Callable[..., tuple[str, Aftermath]]
DAY_BEFORE = "2018-03-27T13:31"
TABLE = (
    b"Country,Inward,Outward,Net\nFrance,4512.5,3391.1,1121.4\nSpain,871.2,1204.9,-333.7\n"
    b"Italy,903.4,640.3,263.1\nTotal,6287.1,5236.3,1050.8\n"
)
PACK_MAIL = f"""
From: Field, Sam <s.field@dept.example>
Sent: 27 March 2018 09:30
To: Moss, Terry <t.moss@dept.example>; Dale, Rowan <r.dale@dept.example>
Subject: Children in care 2018

{BANNER}
Children in care 2018: please find the tables attached.
"""


@pytest.fixture
def play(gateway: InThread, sink: Sink) -> Play:
    def run(
        when: str, sender: str, to: list[str], subject: str, body: str, attachments: object = None
    ) -> tuple[str, Aftermath]:
        gateway.clock.at = at(when)
        content = mail(sender, to, subject, body, at(when), attachments)  # type: ignore[arg-type]
        return gateway.send(sender, to, content), Aftermath(gateway, sink, sender)

    return run


def flat(words: str) -> str:
    return " ".join(words.split())


def test_a_reply_to_all_that_copies_one_colleague_in_is_held_for_them_and_says_who_they_are(
    play: Play,
) -> None:
    to = ["s.field@dept.example", "r.dale@dept.example", "a.cole@dept.example"]
    _, after = play(DAY_BEFORE, "t.moss@dept.example", to, "RE: Children in care 2018", f"Draft lines below.\n{PACK_MAIL}")  # fmt: skip
    assert after.delivered == set(to[:2])
    assert after.held == {"a.cole@dept.example"}
    said = flat(text(after.notices[0]))
    assert "These were not on the message that yours answers: - a.cole@dept.example" in said
    assert "They are not on the list for this release." in said
    (alert,) = after.alerts
    assert "They were not on the message that this one answers or forwards." in flat(text(alert))


def test_an_acknowledgement_that_adds_fourteen_people_is_held_for_them_and_names_them(
    play: Play,
) -> None:
    crowd = [f"p{number}.doe@dept.example" for number in range(14)]
    body = "Many thanks, received.\n" + "".join(f"> {line}\n" for line in PACK_MAIL.splitlines())
    _, after = play(DAY_BEFORE, "t.moss@dept.example", ["s.field@dept.example", *crowd], "Re: Children in care 2018", body)  # fmt: skip
    assert after.delivered == {"s.field@dept.example"}
    assert after.held == set(crowd)
    said = text(after.notices[0])
    added = said.partition("These were not on the message that yours answers:")[2]
    assert all(f"- {address}" in added for address in crowd)


def test_an_acknowledgement_without_the_pack_passes_and_the_sender_is_told(play: Play) -> None:
    crowd = [f"p{number}.doe@dept.example" for number in range(14)]
    body = "Thank you for Children in care 2018.\n" + PACK_MAIL.partition(BANNER)[0]
    _, after = play(DAY_BEFORE, "t.moss@dept.example", ["s.field@dept.example", *crowd], "RE: Children in care 2018", body)  # fmt: skip
    assert after.delivered == {"s.field@dept.example", *crowd}
    assert len(after.notices) == 1 and "please note" in after.notices[0]["Subject"]
    assert "who were not in it and are not on the list: 14" in flat(text(after.notices[0]))


def test_a_pack_forwarded_to_people_who_never_had_it_is_said_so_in_one_sentence(play: Play) -> None:
    to = ["a.cole@dept.example", "b.dunn@dept.example"]
    _, after = play(DAY_BEFORE, "t.moss@dept.example", to, "FW: Children in care 2018", f"FYI\n{PACK_MAIL}")  # fmt: skip
    assert after.held == set(to)
    said = flat(text(after.notices[0]))
    assert "Nobody whom you sent this to was on the message that yours forwards." in said


def test_rows_about_firms_to_ones_own_private_mailbox_are_held_in_plain_words(play: Play) -> None:
    to = ["c.lane77@webmail.example"]
    book = [("work.xlsx", firm_workbook(40), XLSX)]
    _, after = play("2019-04-16T18:23", "c.lane@dept.example", to, "for tonight", "", book)
    assert after.held == set(to)
    assert "This looks like your own private mailbox." in flat(text(after.notices[0]))


def test_a_producers_own_private_mailbox_is_on_no_list(play: Play) -> None:
    to = ["s.field@webmail.example", "t.moss@dept.example"]
    _, after = play(DAY_BEFORE, "s.field@dept.example", to, "Children in care 2018", f"{BANNER}\nChildren in care 2018\n")  # fmt: skip
    assert (after.held, after.delivered) == ({to[0]}, {to[1]})
    assert "This looks like your own private mailbox." in flat(text(after.notices[0]))


def test_a_link_that_opens_another_release_is_held_for_that_releases_list(play: Play) -> None:
    body = (
        "The figures on foreign direct investment that came out today:\n"
        "https://eur01.safelinks.example/?url=https%3A%2F%2Ffiles.dept.example%2Fpre-release"
        "%2Fcla-2018%2Ftables.xlsx&data=05\n"
    )
    to = ["r.dale@dept.example", "b.wood@dept.example"]
    _, after = play(DAY_BEFORE, "s.field@dept.example", to, "Published today", body)
    assert (after.delivered, after.held) == ({"r.dale@dept.example"}, {"b.wood@dept.example"})
    assert "a link counts as the documents themselves" in flat(text(after.notices[0]))
    assert "Children in care and care leavers, 2018" in flat(text(after.notices[0]))


def test_an_address_behind_words_in_html_is_a_link(gateway: InThread, sink: Sink) -> None:
    when: datetime = at(DAY_BEFORE)
    gateway.clock.at = when
    content = (
        "From: s.field@dept.example\r\nTo: a.cole@dept.example\r\nSubject: minutes\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        '<p>See <a href="HTTPS://Files.dept.example/pre-release/CLA-2018/">the minutes</a>.</p>\r\n'
    )
    gateway.send("s.field@dept.example", ["a.cole@dept.example"], content.encode())
    assert Aftermath(gateway, sink, "s.field@dept.example").held == {"a.cole@dept.example"}


def test_attachments_of_a_links_only_release_bounce_even_to_the_list_with_the_link(
    gateway: InThread, sink: Sink
) -> None:
    when, to = at("2013-04-24T14:00"), ["b.wood@dept.example"]
    gateway.clock.at = when
    body = "MARKET SENSITIVE. EMBARGOED UNTIL 9:30AM ON THURSDAY 25 APRIL 2013\nFDI survey 2012\n"
    content = mail("c.lane@dept.example", to, "FDI survey 2012", body, when, [("tables.csv", TABLE, ("text", "csv"))])  # fmt: skip
    reply = gateway.send("c.lane@dept.example", to, content)
    assert reply.startswith("550 5.7.1 Refused")
    assert "Send this link instead: https://files.dept.example/pre-release/fdi-2013/" in reply
    after = Aftermath(gateway, sink, "c.lane@dept.example")
    assert not after.delivered and not after.held and not after.alerts


def test_the_link_itself_goes_to_the_list(play: Play) -> None:
    body = "FDI survey 2012: https://files.dept.example/pre-release/fdi-2013/\n"
    to = ["b.wood@dept.example"]
    reply, after = play("2013-04-24T14:00", "c.lane@dept.example", to, "FDI survey 2012", body)
    assert reply == "250 2.0.0 ok"
    assert after.delivered == set(to)


def test_recipients_who_are_nowhere_in_the_header_are_decided_about_like_any_other(
    gateway: InThread, sink: Sink
) -> None:
    """Blind copies, other spellings, subdomains and tags; nobody else learns of them."""
    when = at(DAY_BEFORE)
    gateway.clock.at = when
    shown = ["T.Moss@DEPT.example"]
    blind = ["a.cole@dept.example", "t.moss@mail.dept.example", "t.moss+home@dept.example"]
    content = mail("s.field@dept.example", shown, "Children in care 2018", f"{BANNER}\nChildren in care 2018\n", when)  # fmt: skip
    gateway.send("s.field@dept.example", [*shown, *blind], content)
    after = Aftermath(gateway, sink, "s.field@dept.example")
    assert (after.delivered, after.held) == (set(shown), set(blind))
    for delivery in sink.deliveries:
        if "T.Moss@DEPT.example" in delivery.addresses:
            assert "a.cole" not in str(message_from_bytes(delivery.content))


def test_who_was_on_a_message_is_remembered_where_an_answer_quotes_nothing(
    gateway: InThread, sink: Sink
) -> None:
    """The pack goes to two; an answer that quotes only the notice takes a third in."""
    gateway.clock.at = at("2018-03-27T09:35")
    first = mail("s.field@dept.example", ["t.moss@dept.example", "r.dale@dept.example"], "Children in care 2018", f"{BANNER}\n", at("2018-03-27T09:35"))  # fmt: skip
    gateway.send("s.field@dept.example", ["t.moss@dept.example", "r.dale@dept.example"], first)
    gateway.remember_now()
    gateway.clock.at = at("2018-03-27T13:31")
    answered = str(message_from_bytes(first)["Message-ID"])
    to = ["s.field@dept.example", "r.dale@dept.example", "a.cole@dept.example"]
    answer = mail("t.moss@dept.example", to, "Children in care 2018", f"{BANNER}\n", at("2018-03-27T13:31"))  # fmt: skip
    answer = b"In-Reply-To: " + answered.encode() + b"\r\n" + answer
    gateway.send("t.moss@dept.example", to, answer)
    after = Aftermath(gateway, sink, "t.moss@dept.example")
    assert after.held == {"a.cole@dept.example"}
    said = flat(text(after.notices[0]))
    assert "These were not on the message that yours answers: - a.cole@dept.example" in said


def test_mail_goes_on_without_a_history(tmp_path: Path, sink: Sink) -> None:
    (tmp_path / "folder").mkdir()
    config = load_config(write_config(tmp_path, sink.port, "history: {path: folder}\n"))
    when = at(DAY_BEFORE)
    with InThread(config, SetClock(when)) as gateway:
        assert gateway.worker.history is None
        content = mail("t.moss@dept.example", ["r.dale@dept.example"], "RE: room", "Yes.\n", when)
        assert (
            gateway.send("t.moss@dept.example", ["r.dale@dept.example"], content) == "250 2.0.0 ok"
        )
