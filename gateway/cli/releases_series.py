"""`gateway releases series`: what is exported before it is published (`list`), and a draft of a
series from such an export (`learn`).

Exit codes: 0 done, 1 where no table was found to learn from, 2 on misuse or with every fault.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from gateway.cli.screen import forgiving
from gateway.cli.setting import Faulty, load_setting
from gateway.config import Config
from gateway.decide.embargo import embargoed
from gateway.detect.material.template_draft import Draft, draft
from gateway.detect.material.unpublished_now import coming_editions, published_to
from gateway.extract import read_part
from gateway.extract.sandbox import Sandbox, SandboxFailure
from gateway.lists import read_lists
from gateway.model.content import Table
from gateway.model.fault import Fault, Faults
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_config = click.option(
    "--config", "config_file", type=click.Path(path_type=Path), help="Configuration file."
)
_json = click.option("--json", "as_json", is_flag=True, help="JSON.")


@click.group()
def series() -> None:
    """Series that systems export before a release publishes them (files of rules/series)."""


@series.command("list")
@_config
@_json
def list_(config_file: Path | None, as_json: bool) -> None:
    """Each series, up to when it is published now, and its next edition."""
    config = load_setting(config_file)
    forgiving()
    try:
        register = read_lists(config)
    except Faults as faults:
        raise Faulty(faults) from None
    now = datetime.now(UTC)
    found = [
        {
            "id": one.id,
            "title": one.title,
            "published_to": published_to(one.id, register, now, embargoed),
            "coming": list(coming_editions(one.id, register, now, embargoed)),
            "columns": len(one.columns),
            "identifiers": len(one.identifiers),
        }
        for one in register.series.values()
    ]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for each in found:
        coming = ", ".join(each["coming"]) or "no edition is under embargo"  # type: ignore[arg-type]
        click.echo(f"{each['id']}: published to {each['published_to'] or 'nobody knows'}; {coming}")
    if not found:
        click.echo("no series: write a file of rules/series, or let `learn` draft one")


@series.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--id", "id_", required=True, metavar="ID", help="The name of the file to be.")
@_config
@_json
def learn(file: Path, id_: str, config_file: Path | None, as_json: bool) -> None:
    """Print a draft of rules/series/ID.yaml, made from an export in FILE, for somebody to complete."""
    if not _ID.fullmatch(id_):
        raise click.UsageError("--id: write small letters, digits and hyphens: response-times")
    config = load_setting(config_file)
    forgiving()
    try:
        found = asyncio.run(_learnt(_loaded(file, config), config))
    except Faults as faults:
        raise Faulty(faults) from None
    if found is None:
        click.echo(f"{file.name}: no table with column heads in it", err=True)
        sys.exit(1)
    text = _written(found, id_, file.name)
    click.echo(json.dumps({"id": id_, "text": text}, ensure_ascii=False) if as_json else text)


def _loaded(file: Path, config: Config) -> Part:
    try:
        if file.stat().st_size > config.limits.decoded_bytes:
            message = f"larger than {config.limits.decoded_bytes} bytes"
            raise Faults([Fault(file.name, 0, 0, message, "its first rows are enough")])
        content = file.read_bytes()
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise Faults([Fault(file.name, 0, 0, reason, "check the path")]) from None
    return Part("1", "application/octet-stream", "attachment", content, file.name)


async def _learnt(part: Part, config: Config) -> Draft | None:
    """Raises Faults with whatever was not read: half an export would be half a description."""
    limits, name = config.limits.read, part.name or ""
    sandbox = Sandbox(drafted, _same, limits, 1, config.sandbox.jobs, limits)
    try:
        return _drawn(await sandbox.run((part, date.today())), name)
    except SandboxFailure as failure:
        raise Faults([_unread(name, failure.reason, failure.detail)]) from None
    finally:
        await sandbox.close()


def _same(limits: ReadLimits) -> ReadLimits:
    return limits


def drafted(limits: ReadLimits, job: tuple[Part, date]) -> Any:
    """What a sandboxed child makes of an export: the draft alone, and what it could not read."""
    part, today = job
    tables, gaps = [], []
    for content in read_part(part, limits):
        if isinstance(content, Table):
            tables.append(content)
        elif isinstance(content, Gap):
            gaps.append((content.reason, content.detail))
    return draft(tables, today), gaps


def _drawn(found: tuple[Draft | None, list[tuple[str, str]]], name: str) -> Draft | None:
    drawn, gaps = found
    if gaps:
        raise Faults([_unread(name, *gap) for gap in gaps])
    return drawn


def _unread(name: str, reason: str, detail: str) -> Fault:
    message = f"could not be read whole: {reason}: {detail}"
    return Fault(name, 0, 0, message, "export it again, or save it as CSV or XLSX")


def _written(found: Draft, id_: str, name: str) -> str:
    title = id_.replace("-", " ").capitalize()
    lines = [
        f"# Drafted from {name}. Go through every line: what stands here is how the gateway tells this",
        "# export from others, and nothing of it may be secret. Until somebody says below up to when the",
        "# series is published, the file does not load.",
        "series:",
        f"  title: {_quoted(title)}",
        "  # The id of the release that publishes it, or the `series` of its editions.",
        "  # release: ",
        "  # What people call it, in the subjects of their mail.",
        "  names: []",
        f"  measures: {_listed(found.measures)}",
        f"  identifiers: {_listed(found.identifiers)}",
        f"  columns: {_listed(found.columns)}",
    ]
    if found.of_units:
        lines.append(
            "  # Its rows are about single people or firms: no code of theirs is proposed."
        )
    if found.last:
        lines.append(f"  # The export has periods that end from {found.first} to {found.last}.")
    lines += [
        "  # latest_published: 2016-03",
        "  # editions: {the-release: 2016-04 to 2016-09}",
        "  # next_due: 2016-11-10",
        "  # owner: statistics@dept.example",
    ]
    return "\n".join(lines)


def _listed(values: tuple[str, ...]) -> str:
    return f"[{', '.join(map(_quoted, values))}]"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
