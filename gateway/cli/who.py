"""`gateway who`: who may receive a release at an instant, who would be held, and why."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from gateway.cli.screen import forgiving, moment, screen
from gateway.cli.setting import Faulty, keyed, load_setting
from gateway.decide.embargo import embargoed, lifted_early, unconfirmed
from gateway.decide.likeness import Lookalikes
from gateway.decide.roster import standing
from gateway.lists import read_lists
from gateway.model.fault import Faults
from gateway.model.register import Register
from gateway.model.release import Release, Standing
from gateway.releases.entries import Unfit
from gateway.releases.values import instant_in


@dataclass(frozen=True, slots=True)
class _Answer:
    """The JSON object of an address. After publication the status is `published`, after an early
    lift `lifted`: the list no longer matters, and everybody is allowed. `near` says whom they may
    have been taken for, a sentence each."""

    address: str
    release: str
    allowed: bool
    status: str
    role: str | None
    sentence: str
    near: tuple[str, ...] = ()


@click.command()
@click.argument("release")
@click.argument("addresses", nargs=-1, required=True, metavar="ADDRESS…")
@click.option(
    "--at", help="Instant, ISO 8601; without an offset in the release's zone. Default: now."
)
@click.option(
    "--config", "config_file", type=click.Path(path_type=Path), help="Configuration file."
)
@click.option("--json", "as_json", is_flag=True, help="A JSON list, one object an address.")
def who(
    release: str,
    addresses: tuple[str, ...],
    at: str | None,
    config_file: Path | None,
    as_json: bool,
) -> None:
    """Say for each ADDRESS whether it may receive RELEASE, and why."""
    register = _register(config_file, at)
    subject = register.releases.get(release)
    if subject is None:
        known = ", ".join(sorted(register.releases)) or "none"
        raise click.UsageError(f"there is no such release; the register has: {known}")
    now = _instant(at, subject.zone)
    lookalikes = Lookalikes(register)
    answers = []
    for address in addresses:
        has = standing(register, subject, address, now)
        near = lookalikes.of_standing(subject, has, now)
        has = replace(has, near=tuple(one.sentence for one in near))
        answers.append(_answer(has, subject, now))
    forgiving()
    if as_json:
        click.echo(json.dumps([asdict(answer) for answer in answers], ensure_ascii=False))
    else:
        _print(answers, moment(now, subject.zone))


def _register(config_file: Path | None, at: str | None) -> Register:
    config = load_setting(config_file)
    asked = _instant(at, config.department.zone)
    try:
        return read_lists(config, at=asked)
    except Faults as faults:
        raise Faulty(Faults(keyed(faults.faults, config))) from None


def _instant(at: str | None, zone: str) -> datetime:
    if at is None:
        return datetime.now(UTC)
    try:
        return instant_in(zone)(at)
    except Unfit as unfit:
        raise click.UsageError(f"--at: {unfit}; {unfit.hint}") from None


def _answer(one: Standing, release: Release, now: datetime) -> _Answer:
    if embargoed(release, now):
        sentence = one.sentence
        if not one.allowed and (why := unconfirmed(release, now)):
            sentence += f" Its instant has passed, but no calendar has confirmed it: {why}."
        return _Answer(
            one.address, one.release, one.allowed, one.status, one.role, sentence, one.near
        )
    status = "published"
    sentence = "It is published at that instant, so everybody may receive it."
    if lifted_early(release, now):
        status = "lifted"
        sentence = "Its Head of Profession has lifted the embargo, so everybody may receive it."
    return _Answer(one.address, one.release, True, status, one.role, sentence)


def _print(answers: list[_Answer], at: str) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("address", "may receive it", "status", "why"):
        table.add_column(heading, overflow="fold")
    for one in answers:
        answer = "yes" if one.allowed else "no, held"
        why = "\n".join((one.sentence, *one.near))
        table.add_row(Text(one.address), answer, one.status, Text(why))
    console = screen()
    console.print(f"{answers[0].release}, {at}", markup=False)
    console.print(table)
