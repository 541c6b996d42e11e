"""Every content is looked at, every failure is a gap, and nothing hostile is slow."""

from __future__ import annotations

import pickle
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.detect import Context, Detected, Detectors, DetectorSpec, banner
from gateway.model.content import Properties, Table, Text
from gateway.model.message import Gap, Location
from gateway.model.release import ReleaseWords

CONTEXT = Context(datetime(2026, 11, 20, 10, tzinfo=UTC), None, "Europe/London")
BODY = Location("1", None, "body")
WORDS = (
    "embargo embargoed EMBARGOED until UNTIL before not for to be published publication release restricted RESTRICTED "
    "confidential official sensitive OFFICIAL-SENSITIVE SECRET do please share strictly under 9.30am 0930 28 March 2018 "
    "Wednesday tomorrow GMT ET (ET) 12/11/20 [SEC=OFFICIAL:Sensitive] sperrfrist jusqu'au hold draft \n \n\n > - : . E M B A R G O"
).split(" ")


@pytest.fixture(scope="module")
def plain() -> Detectors:
    return Detectors(
        DetectorSpec((ReleaseWords("prices", "House price index", ("house prices",), ""),))
    )


def test_spec_and_answer_cross_a_process_boundary(plain: Detectors) -> None:
    spec = DetectorSpec((ReleaseWords("a", "b", ("c",), "d"),))
    assert pickle.loads(pickle.dumps((spec, CONTEXT))) == (spec, CONTEXT)
    answer = plain.inspect([Text(BODY, "EMBARGOED UNTIL 9.30am tomorrow")], CONTEXT)
    assert pickle.loads(pickle.dumps(answer)) == answer


def test_every_cell_of_a_table_is_searched(plain: Detectors) -> None:
    rows = [["Region", "Count"], *[[f"Region {n}", str(n)] for n in range(9000)]]
    rows[8765] = ["EMBARGOED UNTIL 9.30am 10 December 2026", ""]
    found = plain.inspect([Table(Location("2", "t.csv", "sheet Data"), rows)], CONTEXT)
    assert any(f.kind == "embargo-banner" and f.confidence != "low" for f in found.findings)


def test_properties_are_searched_by_name_and_value(plain: Detectors) -> None:
    items = (("Title", "EMBARGOED UNTIL 9.30am 10 December 2026"), ("house prices", "x"))
    found = plain.inspect([Properties(Location("2", "t.docx"), items)], CONTEXT)
    assert [f.location.where for f in found.findings] == ["property Title"]
    assert [m.release for m in found.mentions] == ["prices"]


def test_what_stands_in_hidden_text_or_a_hidden_sheet_is_said_to_be_hidden(
    plain: Detectors,
) -> None:
    words = "EMBARGOED UNTIL 9.30am 10 December 2026"
    notes, sheet = Location("2", "a.docx", "notes"), Location("3", "a.xlsx", "sheet Old")
    seen, unseen = Text(BODY, words), Text(notes, words, hidden=True)
    found = plain.inspect([seen, unseen, Table(sheet, [[words]], "very-hidden")], CONTEXT)
    assert {f.location.part: f.hidden for f in found.findings} == {"1": False, "2": True, "3": True}


def test_what_a_reader_sees_as_well_is_not_hidden(plain: Detectors) -> None:
    words = "EMBARGOED UNTIL 9.30am 10 December 2026"
    for order in ((True, False), (False, True)):
        texts = [Text(BODY, words, hidden=hidden) for hidden in order]
        assert not any(f.hidden for f in plain.inspect(texts, CONTEXT).findings)


def test_gaps_in_the_contents_are_passed_on(plain: Detectors) -> None:
    gap = Gap(BODY, "encrypted", "needs a password")
    assert plain.inspect([gap], CONTEXT) == Detected(gaps=(gap,))


def test_a_detector_that_raises_leaves_a_gap_and_the_rest_goes_on(
    plain: Detectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> Any:
        raise ValueError("quoted content")

    monkeypatch.setattr(banner, "find", fail)
    found = plain.inspect([Text(BODY, "EMBARGO"), Text(BODY, "house prices")], CONTEXT)
    assert [(g.reason, g.location) for g in found.gaps] == [("crashed", BODY)]
    assert "quoted content" not in found.gaps[0].detail
    assert found.mentions


def test_unit_rows_are_reported_with_their_signals_and_no_values(plain: Detectors) -> None:
    header = ["id", "forename", "surname", "nino", "dob", "postcode"]
    rows = [
        [str(n), "Anna", f"Example{n}", f"QQ{n:06}C", f"19{n % 80 + 10}-01-02", "ZZ1 1ZZ"]
        for n in range(300)
    ]
    table = Table(Location("2", "u.csv"), [header, *rows], visibility="hidden")
    found = plain.inspect([table], CONTEXT)
    assert found.verdict == "microdata"
    (finding,) = [f for f in found.findings if f.kind == "microdata"]
    assert finding.facts["visibility"] == "hidden"
    assert finding.facts["signals"]
    assert "Example1" not in repr(finding)


def test_the_same_statement_is_made_once(plain: Detectors) -> None:
    found = plain.inspect([Text(BODY, "EMBARGOED UNTIL 9.30am 10 December 2026\n" * 50)], CONTEXT)
    assert len([f for f in found.findings if f.kind == "embargo-banner"]) == 1


def seconds(detectors: Detectors, text: str) -> float:
    before = time.process_time()
    found = detectors.inspect([Text(BODY, text)], CONTEXT)
    spent = time.process_time() - before
    assert {gap.reason for gap in found.gaps} <= {"limit"}
    return spent


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=30)), max_size=60),
    st.integers(1, 60),
)
def test_any_text_is_inspected_in_half_a_second(
    plain: Detectors, words: list[str], times: int
) -> None:
    assert seconds(plain, (" ".join(words) * times)[:20_000]) < 0.5


@pytest.mark.parametrize(
    "unit",
    ["embargo ", "embargo\n", "until until ", "embargoed until ", "1234567890", "not for publication or ", "> ",
     "restricted until ", "e m b a r g o ", "[sec=official:", "RESTRICTED\n", "please do not share ", "é–embargo "],
)  # fmt: skip
def test_twice_the_text_costs_about_twice_the_time(plain: Detectors, unit: str) -> None:
    short, long = (unit * (n // len(unit)) for n in (25_000, 100_000))
    few = min(seconds(plain, short) for _ in range(2))
    assert seconds(plain, long) < max(4 * few * 2.5, 0.2)


HOSTILE = (
    "for release ", "FOR RELEASE 9AM # ", "embargoed until # ", "hold until 9.30 # ", "EMBARGO #\n", "SECRET # ",
    "EMBARGOED UNTIL 9:30AM # ", "do not share # or that until ", "nothing in # may be published ", "market sensitive # ",
    "embargo until at least up to a further # ", "E M B A R G O E D # ", "restricted until # ", "official # ",
)  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_a_text_full_of_notices_costs_no_more_than_a_second(plain: Detectors, unit: str) -> None:
    many = 262_144 // len(unit)
    same = unit * many
    different = "".join(unit.replace("#", str(n * 7919 % 99_991)) for n in range(many))
    assert seconds(plain, same) < 1
    assert seconds(plain, different) < 1


def test_notices_beyond_what_is_read_leave_a_gap(plain: Detectors) -> None:
    text = "".join(f"Embargoed until {n} \n\n" for n in range(3000))
    (gap,) = plain.inspect([Text(BODY, text)], CONTEXT).gaps
    assert (gap.reason, gap.detail) == ("limit", "more notices than are read")


def test_the_same_notice_a_thousand_times_is_one_notice_and_no_gap(plain: Detectors) -> None:
    found = plain.inspect([Text(BODY, "EMBARGOED UNTIL 9.30am 10 December 2026\n" * 5000)], CONTEXT)
    assert not found.gaps
    assert [f.facts["until"] for f in found.findings if f.kind == "embargo-banner"] == [
        "2026-12-10T09:30:00+00:00"
    ]


def test_a_long_text_may_hold_more_notices_than_a_short_one(plain: Detectors) -> None:
    text = "".join(f"Embargoed until {n}\n\n{'words ' * 500}\n\n" for n in range(900))
    assert not plain.inspect([Text(BODY, text)], CONTEXT).gaps


def test_notices_spread_over_many_texts_count_together(plain: Detectors) -> None:
    texts = [
        Text(BODY, "".join(f"Embargoed until {n + i} \n\n" for i in range(100)))
        for n in range(0, 100_000, 1000)
    ]
    (gap,) = plain.inspect(texts, CONTEXT).gaps
    assert gap.reason == "limit"


def test_a_table_of_notices_costs_no_more_than_a_second(plain: Detectors) -> None:
    rows = [[f"embargoed {n}", "until", f"{n} 9.30am"] for n in range(9000)]
    before = time.process_time()
    plain.inspect([Table(Location("2", "t.csv"), rows)], CONTEXT)
    assert time.process_time() - before < 1
