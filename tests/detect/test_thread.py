"""Who was on the message before is read from the header that mail programs quote."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.detect.address_list import named_in, people
from gateway.detect.thread import answered, earlier_people, kind_of_subject, newest_quoted
from gateway.model.acquaintance import Participants
from gateway.model.message import Header

FIELD, MOSS, DALE = "s.field@dept.example", "t.moss@dept.example", "r.dale@dept.example"
NAMES = {("sam", "field"), ("terry", "moss"), ("rowan", "dale")}

OUTLOOK = f"""Thanks, will do.

From: Field, Sam <{FIELD}>
Sent: 27 March 2018 09:30
To: Moss, Terry <{MOSS}>; Dale, Rowan <{DALE}>
Subject: Children in care 2018

Please find the pack attached.
"""
OUTLOOK_NAMES = """FYI

-----Original Message-----
From: Field, Sam
Sent: Tuesday, March 27, 2018 9:30 AM
To: Moss, Terry
Cc: Dale, Rowan (CARE)
Subject: Children in care 2018
"""
OUTLOOK_MAILTO = f"""
From: Sam Field [mailto:{FIELD}]
Sent: 27 March 2018 09:30
To: Terry Moss; '{DALE}'
Cc: {MOSS} <mailto:{MOSS}>
Subject: Pack
"""
OUTLOOK_MOBILE = f"""Agreed

Get Outlook for iOS<https://aka.example/o>
________________________________
From: Sam Field <{FIELD}>
Sent: Tuesday, March 27, 2018 9:30:00 AM
To: Terry Moss <{MOSS}>
Cc: Rowan Dale <{DALE}>
Subject: Re: Pack
"""
GMAIL_FORWARD = f"""
---------- Forwarded message ----------
From: Sam Field <{FIELD}>
Date: Tue, 27 Mar 2018 at 09:30
Subject: Pack
To: Terry Moss <{MOSS}>, <{DALE}>


Please find
"""
GMAIL_BOLD = f"""
*From:* Sam Field <{FIELD}>
*Sent:* 27 March 2018 09:30
*To:* Terry Moss <{MOSS}>; Rowan Dale <{DALE}>
*Subject:* Pack
"""
THUNDERBIRD = f"""

-------- Forwarded Message --------
Subject: \tPack
Date: \tTue, 27 Mar 2018 09:30:00 +0100
From: \tSam Field <{FIELD}>
To: \tTerry Moss <{MOSS}>, Rowan Dale
 <{DALE}>


Hello
"""
APPLE = f"""

Begin forwarded message:

From: Sam Field <{FIELD}>
Subject: Pack
Date: 27 March 2018 at 09:30:00 BST
To: Terry Moss <{MOSS}>
Cc: "Dale, Rowan" <{DALE}>

Hello
"""
NOTES = """
From:   Sam Field/DEPT
To:     Terry Moss/DEPT@DEPT, Rowan Dale/DEPT@DEPT
Date:   27/03/2018 09:30
Subject:        Pack
"""
QUOTED = f"""> From: Sam Field <{FIELD}>
> Sent: 27 March 2018 09:30
> To: Terry Moss <{MOSS}>, Rowan
> Dale <{DALE}>
> Subject: Pack
>
> Please find
"""
TABLE = f"""
From:

Sam Field <{FIELD}>

Sent:

27 March 2018 09:30

To:

Terry Moss <{MOSS}>; Rowan Dale <{DALE}>

Subject:

Pack
"""
LOCAL = {
    "Welsh": ("Oddi wrth", "Anfonwyd", "At", "Copi", "Pwnc"),
    "Irish": ("Ó", "Seolta", "Chuig", "Cóip", "Ábhar"),
    "French": ("De ", "Envoyé ", "À ", "Cc ", "Objet "),
    "German": ("Von", "Gesendet", "An", "Cc", "Betreff"),
    "Dutch": ("Van", "Verzonden", "Aan", "CC", "Onderwerp"),
    "Spanish": ("De", "Enviado el", "Para", "CC", "Asunto"),
    "Italian": ("Da", "Inviato", "A", "Cc", "Oggetto"),
    "Polish": ("Od", "Wysłano", "Do", "DW", "Temat"),
    "Portuguese": ("De", "Enviado", "Para", "Cc", "Assunto"),
    "Swedish": ("Från", "Skickat", "Till", "Kopia", "Ämne"),
}


@pytest.mark.parametrize(
    "text",
    [OUTLOOK, OUTLOOK_MOBILE, GMAIL_FORWARD, GMAIL_BOLD, THUNDERBIRD, APPLE, QUOTED, TABLE],
    ids="outlook mobile gmail bold thunderbird apple quoted table".split(),
)
def test_everybody_in_the_quoted_header_is_known(text: str) -> None:
    found = newest_quoted(text)
    assert found is not None and found.complete
    assert found.addresses == {FIELD, MOSS, DALE} and not found.names


@pytest.mark.parametrize("text", [OUTLOOK_NAMES, NOTES], ids=["outlook", "notes"])
def test_where_only_names_are_shown_the_names_are_known(text: str) -> None:
    found = newest_quoted(text)
    assert found is not None and found.complete
    assert found.names == NAMES and not found.addresses


def test_addresses_and_names_may_stand_side_by_side() -> None:
    found = newest_quoted(OUTLOOK_MAILTO)
    assert found is not None
    assert (found.addresses, found.names) == ({FIELD, MOSS, DALE}, {("terry", "moss")})


@pytest.mark.parametrize("language", LOCAL)
def test_headers_in_other_languages_are_read(language: str) -> None:
    sender, sent, to, copy, subject = LOCAL[language]
    text = (
        f"\n{sender}: Sam Field <{FIELD}>\n{sent}: 27/03/2018 09:30\n{to}: Terry Moss <{MOSS}>\n"
        f"{copy}: Rowan Dale <{DALE}>\n{subject}: Pack\n"
    )
    found = newest_quoted(text)
    assert found is not None and found.complete and found.addresses == {FIELD, MOSS, DALE}


@pytest.mark.parametrize(
    "line",
    [
        f"On Tue, 27 Mar 2018 at 09:30, Sam Field <{FIELD}> wrote:",
        f"On 27 Mar 2018, at 09:30, Sam Field\n<{FIELD}> wrote:",
        f"> On 27/03/2018 09:30, Sam Field wrote:\n> > From: x\n{OUTLOOK}",
        f"Le mar. 27 mars 2018 à 09:30, Sam Field <{FIELD}> a écrit :",
        f"Am Di., 27. März 2018 um 09:30 Uhr schrieb Sam Field <{FIELD}>:",
        f"Op di 27 mrt. 2018 om 09:30 schreef Sam Field <{FIELD}>:",
        f"El mar, 27 mar 2018 a las 9:30, Sam Field (<{FIELD}>) escribió:",
        f"Il giorno mar 27 mar 2018 alle ore 09:30 Sam Field <{FIELD}> ha scritto:",
        f"wt., 27 mar 2018 o 09:30 Sam Field <{FIELD}> napisał(a):",
        f"Ar Maw, 27 Maw 2018 am 09:30, ysgrifennodd Sam Field <{FIELD}>:",
        f"Ar 27 Márta 2018 ag 09:30, scríobh Sam Field <{FIELD}>:",
        f"Sam Field <{FIELD}> writes:",
    ],
)
def test_who_wrote_does_not_say_who_received(line: str) -> None:
    found = newest_quoted(f"Thanks\n\n{line}\n\n> Please find\n\n{OUTLOOK}")
    assert found is not None and not found.complete
    assert found.addresses <= {FIELD}


def test_the_first_header_is_the_newest() -> None:
    older = OUTLOOK.replace("t.moss", "older").replace("Thanks, will do.", "")
    found = newest_quoted(OUTLOOK + older)
    assert found is not None and found.addresses == {FIELD, MOSS, DALE}


@pytest.mark.parametrize("others", ["+ 3 others", "and 3 more", "Undisclosed recipients"])
def test_a_list_that_hides_some_is_not_complete(others: str) -> None:
    found = newest_quoted(OUTLOOK.replace(f"Dale, Rowan <{DALE}>", others))
    assert found is not None and not found.complete


@pytest.mark.parametrize(
    "text",
    [
        "",
        "From: London\nTo: Leeds\nThe 09:30 train",
        "Dear all\n\nFrom: me\n",
        "Sam wrote 3 notes last week.\n\nHere they are:\n",
        "We have written to 3 people:\n- one\n",
        "To: somebody\nSubject: something",
    ],
)
def test_what_is_no_quoted_header_says_nothing(text: str) -> None:
    assert newest_quoted(text) is None


def test_the_words_of_the_message_are_never_people() -> None:
    found = newest_quoted(f"From: Sam\nSent: 1 May\nTo: {MOSS}\nThe total rose to 12,345; good.\n")
    assert found is not None
    assert (found.addresses, found.names) == ({MOSS}, {("sam",)})


def attached(*fields: tuple[str, str]) -> list[Header]:
    return [Header("Subject", "Fwd: Pack"), *(Header(name, value, "2") for name, value in fields)]


def test_an_attached_message_is_known_by_its_own_header() -> None:
    headers = attached(("From", f"Sam <{FIELD}>"), ("To", f"{MOSS}, {DALE}"))
    found = earlier_people(
        headers, [("1", None), ("2.1", Participants(frozenset({"x@y.example"})))]
    )
    assert found is not None and found.addresses == {FIELD, MOSS, DALE}
    assert earlier_people(attached(("From", FIELD)), [("1", None)]) is None


def test_what_the_message_itself_quotes_is_newer_than_what_is_attached() -> None:
    quoted = Participants(frozenset({MOSS}))
    found = earlier_people(attached(("To", DALE)), [("1.1", quoted), ("1.2", quoted)])
    assert found == quoted


def test_the_message_that_is_answered_is_named_by_its_id() -> None:
    assert answered("<a@x.example> (mail of Monday)", "<b@x.example>") == "<a@x.example>"
    assert answered("", "<b@x.example>\n <c@x.example>") == "<c@x.example>"
    assert answered("yours of Monday", "") == ""


def test_a_header_names_people_beside_their_addresses() -> None:
    headers = [
        Header("From", f"Field, Sam <{FIELD}>"),
        Header("Cc", f'"Moss, Terry (Press)" <{MOSS.upper()}>, {DALE}'),
        Header("To", "x@y.example", "2"),
    ]
    assert named_in(headers) == {FIELD: "Field, Sam", MOSS: "Moss, Terry (Press)", DALE: ""}


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("RE: Pack", "answer"), ("Re[2]: Pack", "answer"), ("AW: Pack", "answer"), ("Odp: Pack", "answer"),
        ("FW: Pack", "forward"), (" Fwd: Pack", "forward"), ("WG: Pack", "forward"), ("TR : Pack", "forward"),
        ("Ymlaen: Pecyn", "forward"), ("Pack", ""), ("Report: Pack", ""), ("", ""),
    ],
)  # fmt: skip
def test_the_beginning_of_a_subject_says_what_kind_it_is(subject: str, kind: str) -> None:
    assert kind_of_subject(subject) == kind


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("Moss, Terry", [("", "Moss, Terry")]),
        ("Terry Moss, Rowan Dale", [("", "Terry Moss"), ("", "Rowan Dale")]),
        ("Moss, Terry, Dale, Rowan", [("", "Moss, Terry"), ("", "Dale, Rowan")]),
        (f"Moss, Terry <{MOSS}>, {DALE}", [(MOSS, "Moss, Terry"), (DALE, "")]),
        (f'"Moss, Terry" <{MOSS.upper()}>', [(MOSS, "Moss, Terry")]),
        (f"'{MOSS}' ; ", [(MOSS, "")]),
        (f"{MOSS} <{MOSS}>", [(MOSS, "")]),
        ("siân@dépt.example", [("siân@xn--dpt-bma.example", "")]),
    ],
)
def test_lists_come_apart_at_semicolons_or_commas(value: str, shown: list[object]) -> None:
    assert list(people(value)) == shown


@pytest.mark.parametrize(
    "text",
    [
        "From: a\n" * 40_000, "From: a\nTo: b;\n" + "c;\n" * 90_000, "x 1 wrote b c d e f g:\n" * 20_000,
        "To: " + "<" * 200_000, "From: a\nSent: b\nTo: " + "a," * 100_000, '"' * 200_000 + ":",
        "From: a\nSubject: b\nTo: " + '"(' * 90_000,
    ],
    ids=["headers", "list", "lines", "brackets", "commas", "quotes", "open"],
)  # fmt: skip
def test_hostile_texts_cost_little(text: str) -> None:
    started = process_time()
    newest_quoted(text)
    assert process_time() - started < 0.6


@given(st.text(max_size=500))
def test_no_text_is_too_odd(text: str) -> None:
    newest_quoted(f"From: {text}\nTo: {text}\nSubject: {text}\n{text} wrote:\n")
    assert list(people(text)) == list(people(text))
