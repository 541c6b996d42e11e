"""The calendars of a configuration: what is understood, and every mistake in plain words."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.config import Config
from gateway.config_reading import load_config
from gateway.lists import calendar_sources
from gateway.model.fault import Faults


def loaded(folder: Path, calendars: str, more: str = "") -> Config:
    file = folder / "config.yaml"
    file.write_text(f"calendars: {calendars}\n{more}")
    return load_config(file)


def test_paths_start_at_the_file_and_zones_are_the_departments(tmp_path: Path) -> None:
    text = (
        "[{name: own, kind: csv, file: dates.csv, valid: 2d},"
        " {name: govuk, kind: govuk, url: https://calendar.example/x, zone: Europe/Dublin}]"
    )
    config = loaded(tmp_path, text, "department: {zone: Europe/Paris}\n")
    own, govuk = calendar_sources(config)
    assert own.file == tmp_path / "dates.csv" and own.zone == "Europe/Paris"
    assert own.own_files == (tmp_path / "dates.csv", tmp_path / "dates.csv.read")
    assert own.valid.days == 2
    assert govuk.zone == "Europe/Dublin" and govuk.valid.total_seconds() == 26 * 3600
    assert govuk.kept == tmp_path / "var/calendars/govuk.json"


@pytest.mark.parametrize(
    ("calendar", "said"),
    [
        ("{name: a, kind: csv}", "the calendar a needs a file or a url, and only one of them"),
        (
            "{name: a, kind: csv, file: x, url: https://x.example/}",
            "the calendar a needs a file or a url, and only one of them",
        ),
        ("{name: A b, kind: csv, file: x}", "write a short name"),
        ("{name: ../../etc, kind: csv, file: x}", "write a short name"),
        ("{name: a, kind: excel, file: x}", "write 'govuk', 'ons', 'icalendar', 'csv' or 'sdmx'"),
        ("{name: a, kind: csv, url: http://x.example/}", "begins with https://"),
        ("{name: a, kind: csv, url: 'https://u:p@x.example/'}", "without a user"),
        ("{name: a, kind: csv, url: 'https:///x'}", "begins with https://"),
        ("{name: a, kind: csv, url: 'https://x.example:99999/'}", "begins with https://"),
        ("{name: a, kind: csv, file: x, every: 15}", "write a duration with its unit"),
        ("{name: a, kind: csv, file: x, vaild: 2h}", "did you mean valid?"),
        (
            "{name: a, kind: csv, url: https://x.example/, every: 2h, valid: 1h}",
            "not valid until it is read again",
        ),
        (
            "{name: a, kind: csv, file: x}, {name: a, kind: ons, file: y}",
            "there are two calendars named a",
        ),
    ],
)
def test_mistakes_are_told_at_their_line(tmp_path: Path, calendar: str, said: str) -> None:
    with pytest.raises(Faults) as caught:
        loaded(tmp_path, f"[{calendar}]")
    (fault,) = caught.value.faults
    assert said in str(fault) and fault.line == 1
