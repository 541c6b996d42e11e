"""The breaches that the regulator published in a line each, through real SMTP: who is stopped, and
the sentence that says why.

The lists are those of a department of its own (`department/`); everybody in it is invented.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from end_to_end.letters import mail
from end_to_end.test_incidents import Aftermath, at, text
from support.gateway import ROOT, InThread, SetClock, write_config
from support.sink import Sink

from gateway.config_reading import load_config

DEPARTMENT = Path(__file__).parent / "department"
BANNER = "MARKET SENSITIVE. EMBARGOED UNTIL 7:00AM ON TUESDAY 17 NOVEMBER 2026"
MORNING_BEFORE = "2026-11-16T09:40"
PRODUCER, POLICY, ECONOMIST = "s.field@dept.example", "h.moor@work.example", "a.birch@treasury.example"  # fmt: skip
PACK = f"{BANNER}\n\nLabour market statistics, October 2026: the pack is below.\n"
HEADLINES = (
    "From tomorrow's labour market statistics: unemployment 4.3 per cent, down 0.2 points; 1.42 "
    "million out of work; employment 75.1 per cent; vacancies 821,000; pay up 4.8 per cent.\n"
)


@pytest.fixture
def department(tmp_path: Path, sink: Sink) -> Iterator[InThread]:
    path = write_config(tmp_path, sink.port)
    shipped = f"releases: {ROOT}/rules/releases"
    assert shipped in path.read_text()
    path.write_text(path.read_text().replace(shipped, f"releases: {DEPARTMENT}"))
    with InThread(load_config(path), SetClock(at(MORNING_BEFORE))) as running:
        yield running


@pytest.fixture
def send(department: InThread, sink: Sink):
    def run(
        sender: str, to: list[str], subject: str, body: str, when: str = MORNING_BEFORE
    ) -> Aftermath:
        department.clock.at = at(when)
        department.send(sender, to, mail(sender, to, subject, body, at(when), None))
        return Aftermath(department, sink, sender)

    return run


def said(after: Aftermath) -> str:
    [notice] = after.notices
    return " ".join(text(notice).split())


def test_autofill_chose_the_same_post_in_another_department(send) -> None:
    after = send(PRODUCER, [POLICY, "e.carr@wales.example"], "Pack", PACK)
    assert (after.delivered, after.held) == ({POLICY}, {"e.carr@wales.example"})
    expected = (
        "the directory says that e.carr@wales.example is “Deputy Director, Labour Market Policy” of"
        " Department of Wales. The same post in another department is not on the list."
    )
    assert expected in said(after)


def test_a_namesake_in_another_organisation(send) -> None:
    after = send(PRODUCER, ["h.moor@wales.example"], "Pack", PACK)
    assert after.held == {"h.moor@wales.example"}
    expected = (
        "h.moor@wales.example has the name of h.moor@work.example, who is on the list as “Deputy"
        " Director, Labour Market Policy”; a namesake is not on the list."
    )
    assert expected in said(after)


def test_the_post_holder_of_before_because_the_list_was_cloned(send) -> None:
    after = send(PRODUCER, ["j.lund@work.example"], "Pack", PACK)
    assert after.held == {"j.lund@work.example"}
    expected = (
        "Their appointment as Deputy Director, Labour Market Policy ended on 31 January 2024."
    )
    assert expected in said(after)


def test_somebody_who_changed_roles_and_was_left_on_the_list(send) -> None:
    after = send(PRODUCER, ["p.rook@work.example"], "Pack", PACK)
    assert after.held == {"p.rook@work.example"}
    expected = (
        "The list says that p.rook@work.example is “Media Officer”; the directory says that they were"
        " that before and are “Head of Visitor Services” now."
    )
    assert expected in said(after)


def test_an_acknowledgement_that_adds_fourteen_people(send) -> None:
    crowd = [f"n{number}.lake@work.example" for number in range(14)]
    quoted = f"\nOn 16 Nov 2026, at 09:30, Sam Field <{PRODUCER}> wrote:\n> {BANNER}\n> Labour market statistics\n"  # fmt: skip
    after = send(POLICY, [PRODUCER, *crowd], "Re: Pack", f"Received with thanks.\n{quoted}")
    assert (after.delivered, after.held) == ({PRODUCER}, set(crowd))
    assert "n13.lake@work.example" in said(after)


def test_an_acknowledgement_with_the_original_that_copies_the_press_mailbox(send) -> None:
    after = send(POLICY, [PRODUCER, "news.desk@work.example"], "RE: Pack", f"Thanks.\n\n{PACK}")
    assert (after.delivered, after.held) == ({PRODUCER}, {"news.desk@work.example"})
    assert "8 of its 10 readers are not on the list" in said(after)


def test_a_news_desk_that_ten_people_read(send) -> None:
    after = send(PRODUCER, ["news.desk@work.example"], "Pack", PACK)
    assert after.held == {"news.desk@work.example"}
    expected = (
        "news.desk@work.example: It is a press mailbox, and 8 of its 10 readers are not on the list:"
        " c.dunn@work.example, d.eder@work.example, e.fogg@work.example and 5 more."
    )
    assert expected in said(after)


def test_headlines_forwarded_to_another_public_body(send) -> None:
    after = send(POLICY, ["chief.analyst@wales.example"], "FW: headlines", HEADLINES)
    assert after.held == {"chief.analyst@wales.example"}
    assert "They are not on the list for this release." in said(after)


def test_six_helpers_who_draft_the_lines(send) -> None:
    helpers = [f"{name}@work.example" for name in ("c.dunn", "d.eder", "e.fogg", "f.gill", "i.hurst", "k.ince")]  # fmt: skip
    after = send(POLICY, [ECONOMIST, *helpers], "Lines to take, please edit", HEADLINES)
    assert (after.delivered, after.held) == ({ECONOMIST}, set(helpers))
    assert "k.ince@work.example: They are not on the list for this release." in said(after)


def test_a_link_that_opens_another_release(send) -> None:
    link = "The jobs pack is here: https://docs.dept.example/releases/prices-2026/pack.docx\n"
    after = send(PRODUCER, [POLICY, ECONOMIST], "Pack", link, when="2026-11-17T07:30")
    assert (after.delivered, after.held) == ({ECONOMIST}, {POLICY})
    assert "h.moor@work.example: They are not on the list for this release." in said(after)
    assert "Consumer prices, October 2026" in said(after)


def test_a_large_internal_list(send) -> None:
    after = send(POLICY, ["policy.all@work.example"], "FW: Pack", PACK)
    assert after.held == {"policy.all@work.example"}
    expected = (
        "It is a distribution list, and 2 of its 3 members are not on the list: g.hale@work.example,"
        " c.dunn@work.example."
    )
    assert expected in said(after)


def test_a_title_that_resembles_the_one_on_the_list(send) -> None:
    after = send(PRODUCER, ["g.hale@work.example"], "Pack", PACK)
    assert after.held == {"g.hale@work.example"}
    expected = (
        "g.hale@work.example: They are not on the list for this release. The list says “Deputy"
        " Director, Labour Market Policy”, held by h.moor@work.example; the directory says that"
        " g.hale@work.example is “Head of Labour Market Policy”. A title that resembles one on the"
        " list is not on the list."
    )
    assert expected in said(after)
