"""A release and its calendar through the whole gateway: real SMTP, real store, files on disk."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from end_to_end.letters import mail
from support.gateway import ROOT, InThread, SetClock, write_config
from support.sink import Sink

from gateway.config_reading import load_config

LONDON = ZoneInfo("Europe/London")
INSTANT = datetime(2018, 3, 28, 9, 30, tzinfo=LONDON)
A_SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
SENDER, STRANGER = "s.field@dept.example", "a.cole@dept.example"
BODY = "Children looked after: 75,420, up 4%. Leavers: 10,260, down 2%. Adopted: 3,820, a fall of 13%.\n"


@pytest.fixture
def gateway(tmp_path: Path, sink: Sink) -> Iterator[InThread]:
    shutil.copytree(ROOT / "rules/releases", tmp_path / "lists")
    file = tmp_path / "lists/cla-2018.yaml"
    named = "release:\n  calendar: {name: dates, key: cla}\n"
    file.write_text(file.read_text().replace("release:\n", named, 1))
    says(tmp_path, INSTANT, INSTANT - timedelta(hours=3))
    calendars = "calendars: [{name: dates, kind: csv, file: dates.csv}]\n"
    config = write_config(tmp_path, sink.port, calendars)
    config.write_text(
        config.read_text().replace(
            f"{ROOT}/rules/releases",
            f"{tmp_path}/lists, regimes: {ROOT}/rules/regimes, holidays: {ROOT}/rules/holidays",
        )
    )
    with InThread(load_config(config), SetClock(INSTANT)) as running:
        running.keeper.timers.tick()  # the keeper has seen the first date
        yield running


def says(folder: Path, instant: datetime, read: datetime, state: str = "confirmed") -> None:
    """What the calendar announces, and when it was read."""
    row = f"cla,Children in care,{instant:%Y-%m-%d},{instant:%H:%M},{state}\n"
    (folder / "dates.csv").write_text("id,title,date,time,state\n" + row)
    (folder / "dates.csv.read").write_text(read.isoformat())


def reload(gateway: InThread) -> None:
    """What the running gateway does by itself once a calendar was read."""
    for work in (gateway.worker.reload(), gateway.keeper.rearming.reload()):
        asyncio.run_coroutine_threadsafe(work, gateway._loop).result(60)
    gateway.keeper.timers.tick()


def send(gateway: InThread, at: datetime) -> str:
    gateway.clock.at = at
    content = mail(SENDER, [STRANGER], "Children in care and care leavers, 2018", BODY, at)
    return gateway.send(SENDER, [STRANGER], content)


def held(gateway: InThread) -> set[str]:
    return {r.recipient.address for hold in gateway.store.holds() for r in hold.held}


def letters(gateway: InThread, sink: Sink, address: str) -> str:
    gateway.deliver_stored()
    found = [d.content.decode() for d in sink.deliveries if address in d.addresses]
    return "\n".join(found).replace("=\n", "").replace("=\r\n", "")


def test_nothing_passes_a_second_early_and_all_at_the_instant(gateway: InThread) -> None:
    assert "held for a decision" in send(gateway, INSTANT - A_SECOND)
    assert send(gateway, INSTANT) == "250 2.0.0 ok"


def test_a_stale_calendar_holds_until_it_is_read_again_and_the_notice_says_so(
    gateway: InThread, tmp_path: Path, sink: Sink
) -> None:
    says(tmp_path, INSTANT, INSTANT - timedelta(hours=27))
    reload(gateway)
    assert "held for a decision" in send(gateway, INSTANT + MINUTE)
    notice = " ".join(letters(gateway, sink, SENDER).split())
    assert "the calendar dates was last read on 27 March 2018 at 06:30, too long before" in notice
    says(tmp_path, INSTANT, INSTANT + 2 * MINUTE)
    reload(gateway)
    assert send(gateway, INSTANT + 3 * MINUTE) == "250 2.0.0 ok"


def test_a_slip_in_the_calendar_holds_again_and_the_officer_hears_of_it_once(
    gateway: InThread, tmp_path: Path, sink: Sink
) -> None:
    later = INSTANT + timedelta(days=1)
    says(tmp_path, later, INSTANT + MINUTE)
    gateway.clock.at = INSTANT + 2 * MINUTE
    reload(gateway)
    reload(gateway)
    assert "held for a decision" in send(gateway, INSTANT + 3 * MINUTE)
    assert held(gateway) == {STRANGER}
    told = letters(gateway, sink, "security-officer@dept.example")
    assert told.count("Subject: Publication date in doubt: cla-2018") == 1
    says(tmp_path, later, later)
    reload(gateway)
    assert send(gateway, later) == "250 2.0.0 ok"


def test_what_the_calendar_cancels_is_held_for_good(gateway: InThread, tmp_path: Path) -> None:
    says(tmp_path, INSTANT, INSTANT, "cancelled")
    reload(gateway)
    assert "held for a decision" in send(gateway, INSTANT + timedelta(days=99))
