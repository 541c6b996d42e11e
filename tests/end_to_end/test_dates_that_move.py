"""Early lifts and slipped dates through the whole gateway: lists on disk, real SMTP, real store."""

from __future__ import annotations

import asyncio
import shutil
import smtplib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from end_to_end.letters import mail
from support.gateway import ROOT, InThread, SetClock, running_command, write_config
from support.sink import Sink

from gateway.cli.main import main
from gateway.config_reading import load_config
from gateway.live import LastGood
from gateway.model.lift import Lift

LONDON = ZoneInfo("Europe/London")
NIGHT_BEFORE = datetime(2018, 3, 27, 19, 30, tzinfo=LONDON)
SENDER, LISTED, STRANGER = "s.field@dept.example", "j.marsh@dept.example", "a.cole@dept.example"
HEAD = "head.of.profession@dept.example"
BODY = (
    "RESTRICTED UNTIL PUBLISHED AT 9:30AM ON WEDNESDAY 28 MARCH 2018\n\n"
    "Children looked after: 75,420, up 4%.\n"
)


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "rules/releases", tmp_path / "lists")
    return tmp_path / "lists"


@pytest.fixture
def config_file(tmp_path: Path, lists: Path, sink: Sink) -> Path:
    file = write_config(tmp_path, sink.port)
    regimes = f"regimes: {ROOT}/rules/regimes, holidays: {ROOT}/rules/holidays"
    file.write_text(file.read_text().replace(f"{ROOT}/rules/releases", f"{lists}, {regimes}"))
    return file


@pytest.fixture
def moving(config_file: Path) -> Iterator[InThread]:
    with InThread(load_config(config_file), SetClock(NIGHT_BEFORE)) as running:
        yield running


def send(gateway: InThread, *to: str) -> str:
    return gateway.send(SENDER, list(to), mail(SENDER, list(to), "Pack", BODY, gateway.clock.at))


def reload(gateway: InThread) -> None:
    """What the running gateway does by itself once lists or lifts have changed."""
    for work in (gateway.worker.reload(), gateway.keeper.rearming.reload()):
        asyncio.run_coroutine_threadsafe(work, gateway._loop).result(60)
    gateway.keeper.timers.tick()


def delivered(sink: Sink) -> set[str]:
    return {address for d in sink.deliveries if SENDER in d.mail for address in d.addresses}


def held(gateway: InThread) -> set[str]:
    return {r.recipient.address for hold in gateway.store.holds() for r in hold.held}


def test_an_early_lift_lets_mail_pass_until_it_is_withdrawn(moving: InThread, sink: Sink) -> None:
    assert "held for a decision" in send(moving, STRANGER)
    release = moving.worker._live.current.knowledge.register.releases["cla-2018"]
    now = moving.clock.at.astimezone(UTC)
    moving.store.embargoes.lift(Lift("cla-2018", release.instant, now, HEAD, "It had leaked"))
    reload(moving)
    assert send(moving, STRANGER) == "250 2.0.0 ok"
    moving.store.embargoes.withdraw("cla-2018", HEAD, "Not that release", now)
    reload(moving)
    assert "held for a decision" in send(moving, STRANGER)
    assert delivered(sink) == {STRANGER}


def test_lists_that_do_not_load_keep_no_lift_from_being_withdrawn(
    moving: InThread, lists: Path
) -> None:
    release = moving.worker._live.current.knowledge.register.releases["cla-2018"]
    now = moving.clock.at.astimezone(UTC)
    moving.store.embargoes.lift(Lift("cla-2018", release.instant, now, HEAD, "It had leaked"))
    reload(moving)
    (lists / "cla-2018.yaml").write_text("release: [")
    moving.store.embargoes.withdraw("cla-2018", HEAD, "Not that release", now)
    reload(moving)
    assert "held for a decision" in send(moving, STRANGER)


def test_a_slipped_date_holds_what_was_cleared_and_is_not_delivered(
    moving: InThread, lists: Path, sink: Sink
) -> None:
    moving.keeper.timers.tick()  # the keeper has seen the first date
    assert "1 recipient(s) held" in send(moving, LISTED, STRANGER)
    file = lists / "cla-2018.yaml"
    file.write_text(file.read_text().replace("2018-03-28T09:30", "2018-04-04T09:30"))
    reload(moving)
    assert held(moving) == {LISTED, STRANGER}
    moving.deliver_stored()
    assert delivered(sink) == set()
    notices = [d for d in sink.deliveries if SENDER in d.addresses]
    assert len(notices) == 2  # held for the stranger, and then for everybody


def test_what_is_delivered_before_the_date_slips_is_gone(
    moving: InThread, lists: Path, sink: Sink
) -> None:
    moving.keeper.timers.tick()
    send(moving, LISTED, STRANGER)
    moving.deliver_stored()
    file = lists / "cla-2018.yaml"
    file.write_text(file.read_text().replace("2018-03-28T09:30", "2018-04-04T09:30"))
    reload(moving)
    assert delivered(sink) == {LISTED}
    assert held(moving) == {STRANGER}


def test_a_running_gateway_takes_a_lift_over_by_itself(
    config_file: Path, tmp_path: Path, sink: Sink
) -> None:
    body = BODY.replace("WEDNESDAY 28 MARCH 2018", "THURSDAY 16 SEPTEMBER 2027")
    content = mail(SENDER, [STRANGER], "Public service productivity", body, datetime.now(UTC))

    def lift(*more: str) -> None:
        words = ["releases", "lift", "productivity-2027", "--by", HEAD, "--reason", "It had leaked"]
        done = CliRunner().invoke(main, [*words, *more, "--config", str(config_file)])
        assert done.exit_code == 0, done.output

    with running_command(config_file, tmp_path / "log") as gateway:
        assert _until(gateway.config.receive.port, content, "held") == "held"
        lift()
        assert _until(gateway.config.receive.port, content, "passed") == "passed"
        lift("--undo")
        assert _until(gateway.config.receive.port, content, "held") == "held"


def _until(port: int, content: bytes, expected: str, seconds: float = 30.0) -> str:
    """Send until the gateway answers like that, or patience is over."""
    for _ in range(int(seconds / 0.25)):
        with smtplib.SMTP("127.0.0.1", port, timeout=60) as client:
            client.ehlo("client.dept.example")
            client.mail(SENDER)
            client.rcpt(STRANGER)
            _, reply = client.data(content)
        got = "held" if b"held for a decision" in reply else "passed"
        if got == expected:
            break
        threading.Event().wait(0.25)
    return got


def test_a_worker_that_starts_while_lists_do_not_load_knows_of_a_withdrawal(
    moving: InThread, lists: Path
) -> None:
    release = moving.worker._live.current.knowledge.register.releases["cla-2018"]
    now = moving.clock.at.astimezone(UTC)
    moving.store.embargoes.lift(Lift("cla-2018", release.instant, now, HEAD, "It had leaked"))
    last_good = LastGood(moving.config)
    assert last_good.knowledge.register.releases["cla-2018"].lifted == now
    (lists / "cla-2018.yaml").write_text("release: [")
    moving.store.embargoes.withdraw("cla-2018", HEAD, "Not that release", now)
    last_good.reload()
    assert last_good.knowledge.register.releases["cla-2018"].lifted is None
