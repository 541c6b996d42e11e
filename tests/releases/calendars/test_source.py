"""Snapshots on disk: a file says nothing of its own age, and what is gone is not forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.model.announcement import Announcement
from gateway.releases.calendars import CalendarSource, read_snapshot, remember
from gateway.releases.calendars import source as source_module
from gateway.releases.calendars.kept import Kept, NotKept, read_kept, remembering, write_kept
from gateway.releases.compiled import Compiled

READ = datetime(2018, 3, 28, 6, tzinfo=UTC)
DAY = timedelta(days=1)
NOW = READ + 2 * DAY
TABLE = "id,title,date,time\ncla,Children in care,2018-03-28,09:30\n"
ONE = Announcement("cla", "Children in care", READ + DAY, "confirmed")


@pytest.fixture
def source(tmp_path: Path) -> CalendarSource:
    file, kept = tmp_path / "dates.csv", tmp_path / "var/calendars/dates.json"
    file.write_text(TABLE)
    (tmp_path / "dates.csv.read").write_text("2018-03-28T06:00:00+00:00\n")
    return CalendarSource("dates", "csv", "Europe/London", timedelta(hours=26), kept, file)


def test_a_file_was_read_when_the_file_beside_it_says(source: CalendarSource) -> None:
    snapshot = read_snapshot(source, NOW)
    assert snapshot.read == READ
    assert [one.key for one in snapshot.announcements] == ["cla"]
    assert not snapshot.faults


def test_a_file_that_did_not_change_is_not_read_again_and_says_the_same(
    source: CalendarSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert source.file is not None
    source.file.write_text(TABLE + "fos,Fostering,soon,09:30\n")
    compiled = Compiled()
    first = read_snapshot(source, NOW, compiled)
    assert first.faults and first == read_snapshot(source, NOW)
    with monkeypatch.context() as nobody:
        nobody.setattr(source_module, "read_calendar", None)
        assert read_snapshot(source, NOW, compiled) == first
        assert read_snapshot(source, READ - DAY, compiled).read is None
    source.file.write_text(TABLE)
    assert read_snapshot(source, NOW, compiled) == read_snapshot(source, NOW) != first
    source.file.unlink()
    assert "No such file" in str(read_snapshot(source, NOW, compiled).faults[0])


@pytest.mark.parametrize(
    "said", [None, "", "yesterday", "2018-03-28", "2018-03-28T06:00:00", "\x00"]
)
def test_without_an_instant_a_file_was_never_read(
    source: CalendarSource, tmp_path: Path, said: str | None
) -> None:
    beside = tmp_path / "dates.csv.read"
    beside.unlink() if said is None else beside.write_text(said)
    snapshot = read_snapshot(source, NOW)
    assert snapshot.read is None
    assert "date -Is > " in str(snapshot.faults[0])


def test_a_file_that_was_read_in_the_future_was_never_read(source: CalendarSource) -> None:
    minutes = timedelta(minutes=1)
    assert read_snapshot(source, READ - 4 * minutes).read == READ  # clocks differ
    snapshot = read_snapshot(source, READ - 6 * minutes)
    assert snapshot.read is None
    assert "was not read yet at 2018-03-28T06:00:00" in str(snapshot.faults[0])


def test_what_was_kept_in_the_future_confirms_nothing_and_is_remembered(
    source: CalendarSource,
) -> None:
    source = replace(source, file=None, url="https://calendar.example/dates")
    write_kept(source.kept, Kept(source.asked, READ, (replace(ONE, seen=READ + 9 * DAY),)))
    assert read_snapshot(source, READ - DAY).read is None
    (gone,) = read_snapshot(source, NOW).announcements
    assert gone.instant and gone.seen and gone.seen + 300 * DAY < gone.instant


def test_a_file_that_is_gone_or_junk_was_never_read(source: CalendarSource, tmp_path: Path) -> None:
    (tmp_path / "dates.csv").write_text("something else")
    assert read_snapshot(source, NOW).read is None
    (tmp_path / "dates.csv").unlink()
    snapshot = read_snapshot(source, NOW)
    assert snapshot.read is None and "No such file" in str(snapshot.faults[0])


def test_what_the_keeper_kept_is_read_as_it_was(source: CalendarSource) -> None:
    source = replace(source, file=None, url="https://calendar.example/dates")
    whole = replace(ONE, since=READ, changes=(READ - DAY,), seen=READ - DAY, state="cancelled")
    kept = Kept(source.asked, READ, (ONE, whole), '"v1"', "Wed, 28 Mar 2018 06:00:00 GMT")
    write_kept(source.kept, kept)
    assert read_kept(source.kept) == kept
    snapshot = read_snapshot(source, NOW)
    assert (snapshot.read, snapshot.announcements) == (READ, (ONE, whole))


def test_the_answer_to_another_question_counts_for_nothing(source: CalendarSource) -> None:
    source = replace(source, file=None, url="https://calendar.example/dates")
    write_kept(source.kept, Kept(source.asked, READ, (ONE,)))
    for other in (
        replace(source, url="https://calendar.example/other"),
        replace(source, zone="Europe/Paris"),
        replace(source, kind="ons"),
    ):
        assert read_snapshot(other, NOW).read is None


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"read": 5}', "\x00"])
def test_a_damaged_snapshot_was_never_read(source: CalendarSource, content: str) -> None:
    source = replace(source, file=None)
    source.kept.parent.mkdir(parents=True)
    source.kept.write_text(content)
    with pytest.raises(NotKept):
        read_kept(source.kept)
    snapshot = read_snapshot(source, NOW)
    assert snapshot.read is None and "the keeper fetches it anew" in str(snapshot.faults[0])


def test_what_leaves_a_calendar_is_remembered_with_when_it_was_seen() -> None:
    before = Kept("x", READ, (ONE,))
    (gone,) = remembering(before, (), READ + DAY)
    assert gone == replace(ONE, seen=READ)
    (still,) = remembering(Kept("x", READ + DAY, (gone,)), (), READ + 2 * DAY)
    assert still.seen == READ
    assert remembering(Kept("x", READ + DAY, (gone,)), (), READ + 500 * DAY) == ()
    assert remembering(Kept("x", READ + DAY, (gone,)), (ONE,), READ + 2 * DAY) == (ONE,)


def test_a_date_that_moves_is_remembered() -> None:
    moved = replace(ONE, instant=READ + 8 * DAY)
    (one,) = remembering(Kept("x", READ, (ONE,)), (moved,), READ + DAY)
    assert one.instant == READ + 8 * DAY and one.changes == (ONE.instant,)
    (same,) = remembering(Kept("x", READ + DAY, (one,)), (moved,), READ + 2 * DAY)
    assert same == one


def test_a_file_is_remembered_when_it_says_less_or_nothing(
    source: CalendarSource, tmp_path: Path
) -> None:
    remember(source, NOW)
    file, beside = tmp_path / "dates.csv", tmp_path / "dates.csv.read"
    file.write_text(TABLE.replace("cla", "other"))
    beside.write_text("2018-03-29T06:00:00+00:00")
    other, gone = read_snapshot(source, NOW).announcements
    assert (other.key, gone.key, gone.seen) == ("other", "cla", READ)
    remember(source, NOW)
    remember(source, NOW)
    file.write_text("<html>down for maintenance</html>")
    snapshot = read_snapshot(source, NOW)
    assert snapshot.read == READ + DAY and snapshot.announcements == (other, gone)
    assert snapshot.faults
    beside.unlink()
    assert read_snapshot(source, NOW).read == READ + DAY
    elsewhere = replace(source, file=tmp_path / "elsewhere.csv")
    assert read_snapshot(elsewhere, NOW).read is None


def test_a_file_that_was_never_readable_is_not_remembered(source: CalendarSource) -> None:
    assert source.file is not None
    source.file.write_text("")
    remember(source, NOW)
    assert not source.kept.exists()
