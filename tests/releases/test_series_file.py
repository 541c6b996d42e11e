"""A series loads as it is written, or with every fault and its line."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from gateway.model.fault import Faults
from gateway.model.series import Series
from gateway.releases import concerns, load_register
from gateway.releases.series_file import period

ROOT = Path(__file__).resolve().parents[2]
RELEASE = "release: {title: Safety in custody, instant: 2016-10-27T09:30:00, series: safety}\n"
WHOLE = """\
series:
  title: Safety incidents
  release: safety
  names: [incidents hub]
  measures: [assaults on staff]
  identifiers: ["0012", INC_STAFF]
  columns: [site, month, incidents]
  latest_published: 2016-03
  editions: {safety-2016: 2016-04 to 2016-09}
  next_due: 2016-10-27
  owner: safety@dept.example
"""


def load(tmp_path: Path, text: str, name: str = "hub.yaml") -> dict[str, Series]:
    (tmp_path / "releases").mkdir()
    (tmp_path / "series").mkdir()
    (tmp_path / "releases" / "safety-2016.yaml").write_text(RELEASE)
    (tmp_path / "series" / name).write_text(text)
    return dict(load_register(tmp_path / "releases", None, "Europe/London").series)


def test_everything_that_a_file_may_say(tmp_path: Path) -> None:
    hub = load(tmp_path, WHOLE)["hub"]
    assert (hub.title, hub.release, hub.owner) == (
        "Safety incidents", "safety", "safety@dept.example"
    )  # fmt: skip
    assert hub.identifiers == ("0012", "INC_STAFF")
    assert hub.latest_published and hub.latest_published.end == date(2016, 3, 31)
    assert hub.editions["safety-2016"].end == date(2016, 9, 30)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("title: x", 1, "unknown key 'title'"),
        ("series:\n  title: Hub figures\n  latest: 2016-03", 3, "unknown key 'latest'"),
        ("series:\n  title: Hub figures", 2, "nothing says up to when"),
        ("series:\n  title: Hub figures\n  latest_published: March 2016", 3, "not a period"),
        (
            "series:\n  title: Hub figures\n  release: safety\n  identifiers: [12]",
            4,
            "expected text",
        ),
        (
            "series:\n  title: Hub figures\n  release: safety\n  identifiers: [A1]",
            4,
            "shorter than 3",
        ),
        ("series:\n  title: Hub figures\n  release: safety\n  names: [hub]", 4, "shorter than 4"),
        ("series:\n  title: Hub figures\n  release: safety\n  columns: [a, b]", 4, "fewer than 3"),
    ],
)
def test_faults_say_where(tmp_path: Path, text: str, line: int, message: str) -> None:
    with pytest.raises(Faults) as caught:
        load(tmp_path, text)
    assert any(message in fault.message and fault.line == line for fault in caught.value.faults)


def test_a_file_that_would_be_overlooked_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(Faults, match="would be overlooked"):
        load(tmp_path, WHOLE, "Hub.yml")


def test_a_release_that_there_is_not_is_worth_a_warning_and_publishes_nothing(
    tmp_path: Path,
) -> None:
    load(tmp_path, WHOLE.replace("safety-2016:", "safety-2015:"))
    register = load_register(tmp_path / "releases", None, "Europe/London")
    told = concerns(register, datetime(2016, 9, 1, tzinfo=UTC))
    assert any("there is no release 'safety-2015'" in sentence for sentence in told)


def test_there_need_be_no_series(tmp_path: Path) -> None:
    (tmp_path / "releases").mkdir()
    assert load_register(tmp_path / "releases", None, "Europe/London").series == {}


def test_a_series_whose_next_edition_should_be_out_is_worth_a_warning(tmp_path: Path) -> None:
    load(tmp_path, WHOLE)
    register = load_register(tmp_path / "releases", None, "Europe/London")

    def warned(*day: int) -> bool:
        now = datetime(*day, tzinfo=UTC)  # type: ignore[misc]
        return any(
            "its next edition was due on 2016-10-27" in told for told in concerns(register, now)
        )

    assert not warned(2016, 10, 26)
    assert warned(2016, 11, 1)


@pytest.mark.parametrize("value", [2016, "2016/17", date(2016, 3, 31), "2016-Q1"])
def test_periods_as_yaml_reads_them(value: object) -> None:
    assert period(value).end.year in (2016, 2017)


def test_the_shipped_series_loads() -> None:
    register = load_register(ROOT / "rules" / "releases", None, "Europe/London")
    assert "response-times" in register.series
