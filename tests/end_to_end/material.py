"""A release that is coming, its briefing, and how the tests drive a gateway that knows it."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from click.testing import CliRunner
from end_to_end.letters import mail
from support.gateway import ROOT, InThread, write_config

from gateway.cli.main import main

LONDON = ZoneInfo("Europe/London")
INSTANT = datetime(2037, 3, 25, 9, 30, tzinfo=LONDON)
EVENING = datetime(2037, 3, 24, 20, 35, tzinfo=LONDON)
SENDER, LISTED = "s.field@dept.example", "j.marsh@dept.example"
COLLEAGUE, STRANGER = "a.cole@dept.example", "friend@webmail.example"
OFFICER = "security-officer@dept.example"
PACKS = "material@gateway.dept.example"
RELEASE = """\
release:
  title: Kestrel Bay harbour traffic
  instant: 2037-03-25T09:30:00
roles:
  - {id: lead, title: Head of Harbours, organisation: Department, count: 1, justification: Briefing}
appointments:
  - {role: lead, address: j.marsh@dept.example, from: 2037-01-01, declaration: {signed: 2037-01-02, version: 3}}
production_team: [s.field@dept.example]
"""
BRIEF = (
    "Vessels that called at the inner basin of Kestrel Bay rose for the fourth winter in a row, while"
    " the dredged channel stayed closed to tankers on more days than in any year since the pilots"
    " began their log. Fewer crews than ever asked for a berth overnight, and the lock keepers expect"
    " the old quay to be given up before the next season.\n"
)
EXCERPT = " ".join(BRIEF.split()[3:48])


def configured(folder: Path, next_port: int, more: str = "") -> Path:
    """A configuration with two releases that are coming."""
    lists = folder / "lists"
    lists.mkdir()
    (lists / "harbours-2037.yaml").write_text(RELEASE)
    later = RELEASE.replace("Kestrel Bay harbour traffic", "Ferry crossings").replace("25T", "31T")
    (lists / "ferries-2037.yaml").write_text(later)
    file = write_config(folder, next_port, more)
    file.write_text(file.read_text().replace(f"{ROOT}/rules/releases", str(lists)))
    return file


def material(config_file: Path, *words: str) -> str:
    """What `gateway releases material` says."""
    done = CliRunner().invoke(main, ["releases", "material", *words, "--config", str(config_file)])
    assert done.exit_code == 0, done.output
    return done.output


def register(running: InThread, config_file: Path, release: str = "harbours-2037") -> None:
    pack = config_file.parent / "brief.txt"
    pack.write_text(BRIEF)
    material(config_file, "add", release, str(pack))
    settle(running)


def on_its_loop(running: InThread, work: Any) -> None:
    asyncio.run_coroutine_threadsafe(work, running._loop).result(120)


def settle(running: InThread) -> None:
    """What the running gateway does by itself within seconds."""
    on_its_loop(running, running.keeper.rearming.reload())
    on_its_loop(running, running.keeper.material.tick())
    on_its_loop(running, running.worker.reload())


def send(running: InThread, body: str, *to: str) -> str:
    return running.send(
        SENDER, list(to), mail(SENDER, list(to), "Question", body, running.clock.at)
    )


def held(running: InThread) -> dict[str, tuple[str, ...]]:
    return {r.recipient.address: r.reasons for hold in running.store.holds() for r in hold.held}
