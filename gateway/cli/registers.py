"""`gateway registers`: live units whose rows are recognised in messages; keyed digests are all that
is kept of them.

A running gateway takes a change over within seconds. Exit codes: 0 done, 1 not done (with every
reason), 2 misuse or bad configuration.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.act.composition import shown
from gateway.cli.screen import forgiving, moment
from gateway.cli.setting import NotDone, json_and_config, load_setting
from gateway.config import Config

if TYPE_CHECKING:
    from gateway.releases.unit_registers.layout import Description

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_MOST_PROCESSES = 8
_TOLD_EVERY = 5.0


@click.group()
def registers() -> None:
    """Look after registers of live units, whose rows are recognised in mail."""


@registers.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--name", required=True, help="What the register is called: a-z, 0-9 and hyphens.")
@click.option("--key-columns", "keys", required=True,
              help="Columns by which a row is found, with commas between; surname+forename is one.")  # fmt: skip
@click.option("--fields", default="", help="More columns that are compared, with commas between.")
@click.option("--processes", type=click.IntRange(1, 64), help="Default: one for each processor.")
@json_and_config
def build(
    file: Path, name: str, keys: str, fields: str, processes: int | None,
    config_file: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Build the register NAME from the rows of FILE, in the place of one of that name.

    CSV, TSV and Parquet of any length are read as a stream; other tables that the gateway can read
    must fit into its limits.
    """
    from gateway.cli.register_source import opened_source
    from gateway.releases.unit_registers.build import Asked, build_register
    from gateway.releases.unit_registers.columns import choose
    from gateway.releases.unit_registers.faults import RegisterFault
    from gateway.releases.unit_registers.register_key import key_for_building

    if not _NAME.fullmatch(name):
        raise click.UsageError("a name has a-z, 0-9 and hyphens, and begins with a letter or digit")
    config, now = load_setting(config_file, insist=True), datetime.now(UTC)
    many = processes or min(os.cpu_count() or 1, _MOST_PROCESSES)
    wanted = _listed(keys), _listed(fields)
    started = time.monotonic()
    try:
        source = opened_source(
            file, [p for names in wanted for column in names for p in column.split("+")], config
        )
        asked = Asked(name, file.name, choose(source.header, *wanted), now)
        key = key_for_building(config.registers_key, len(_files(config)))
        path = build_register(
            source, asked, key, config.registers_folder, secrets.token_bytes, many, _progress()
        )
    except RegisterFault as fault:
        raise NotDone(str(fault)) from None
    except OSError as error:
        raise NotDone(f"{error.filename or file}: {error.strerror or 'not possible'}") from None
    told = _description(path, key)
    seconds = time.monotonic() - started
    forgiving()
    if as_json:
        click.echo(json.dumps({**_as_object(path, told), "seconds": round(seconds, 1)}))
        return
    click.echo(f"{name}: {_size(path, told)}; built in {seconds:.0f} seconds")
    for line in _columns(told):
        click.echo(line)
    if name not in config.registers.required:
        click.echo(f"put {name} into registers.required, so that it is missed if it is not there")


@registers.command("list")
@json_and_config
def list_(config_file: Path | None, as_json: bool) -> None:
    """List the registers, and those that cannot be used with the reason."""
    config = load_setting(config_file, insist=True)
    from gateway.live import unit_registers
    from gateway.releases.unit_registers import missing_registers
    from gateway.releases.unit_registers.layout import ENDING

    missing = missing_registers(unit_registers(config))
    key = _key(config)
    found = {
        path: _description(path, key)
        for path in _files(config)
        if key is not None and path.name.removesuffix(ENDING) not in missing
    }
    forgiving()
    if as_json:
        told = {"registers": [_as_object(*one) for one in found.items()], "missing": dict(missing)}
        click.echo(json.dumps(told))
    else:
        for path, one in found.items():
            at = moment(datetime.fromisoformat(one.built), config.department.zone)
            click.echo(f"{one.name}: {_size(path, one)}; built {at} from {shown(one.source)}")
        for name, why in missing.items():
            click.echo(f"{shown(name)}: CANNOT BE USED: {why}")
        if not found and not missing:
            click.echo("there are no registers")
    sys.exit(1 if missing else 0)


@registers.command()
@click.argument("name")
@json_and_config
def show(name: str, config_file: Path | None, as_json: bool) -> None:
    """Show what the register NAME has: its columns, and how much each of them proves."""
    config = load_setting(config_file, insist=True)
    path, key = _named(config, name)
    told = _description(path, key)
    forgiving()
    if as_json:
        click.echo(json.dumps(_as_object(path, told)))
        return
    at = moment(datetime.fromisoformat(told.built), config.department.zone)
    click.echo(f"{told.name}: {_size(path, told)}; built {at} from {shown(told.source)}")
    for line in _columns(told):
        click.echo(line)


@registers.command()
@click.argument("names", nargs=-1, metavar="[NAME]…")
@json_and_config
def verify(names: tuple[str, ...], config_file: Path | None, as_json: bool) -> None:
    """Read every byte of the registers NAME…, or of all, and compare it with what was built."""
    from gateway.releases.unit_registers import opened
    from gateway.releases.unit_registers.faults import RegisterFault
    from gateway.releases.unit_registers.layout import ENDING

    config = load_setting(config_file, insist=True)
    wanted = names or tuple(path.name.removesuffix(ENDING) for path in _files(config))
    faults: dict[str, str] = {}
    rows: dict[str, int] = {}
    for name in wanted:
        try:
            rows[name] = opened.verify(*_named(config, name)).rows
        except (RegisterFault, NotDone) as fault:
            faults[name] = str(fault)
    forgiving()
    if as_json:
        click.echo(json.dumps({"in_order": list(rows), "faults": faults}))
    else:
        for name, count in rows.items():
            click.echo(f"{name}: in order, {count:,} rows")
        for why in faults.values():
            click.echo(why, err=True)
    sys.exit(1 if faults else 0)


@registers.command()
@click.argument("name")
@json_and_config
def remove(name: str, config_file: Path | None, as_json: bool) -> None:
    """Take the register NAME away: its rows are no longer recognised."""
    from gateway.releases.unit_registers import opened
    from gateway.releases.unit_registers.faults import RegisterFault

    config = load_setting(config_file, insist=True)
    try:
        opened.remove(config.registers_folder, name)
    except RegisterFault as fault:
        raise NotDone(str(fault)) from None
    except OSError as error:
        raise NotDone(f"{config.registers_folder}: {error.strerror}") from None
    required = name in config.registers.required
    if as_json:
        click.echo(json.dumps({"removed": name, "required": required}))
        return
    click.echo(f"{name} is gone: its rows are no longer recognised")
    if required:
        click.echo(f"tables now count as not read: take {name} out of registers.required too")


def _listed(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]


def _progress() -> Callable[[int], None]:
    """Says how far it is, where somebody looks on."""
    told = time.monotonic()

    def tell(rows: int) -> None:
        nonlocal told
        if sys.stderr.isatty() and time.monotonic() - told >= _TOLD_EVERY:
            told = time.monotonic()
            click.echo(f"{rows:,} rows", err=True)

    return tell


def _files(config: Config) -> tuple[Path, ...]:
    from gateway.releases.unit_registers.opened import files

    try:
        return files(config.registers_folder)
    except OSError as error:
        raise NotDone(f"{config.registers_folder}: {error.strerror}") from None


def _key(config: Config) -> bytes | None:
    from gateway.releases.unit_registers.faults import RegisterFault
    from gateway.releases.unit_registers.register_key import known_key

    try:
        return known_key(config.registers_key)
    except RegisterFault as fault:
        raise NotDone(str(fault)) from None


def _named(config: Config, name: str) -> tuple[Path, bytes]:
    """The file of a register, and the key. Raises NotDone."""
    from gateway.releases.unit_registers.layout import ENDING

    paths = {path.name.removesuffix(ENDING): path for path in _files(config)}
    if name not in paths:
        raise NotDone(
            f"there is no register '{shown(name)}'; there are: {', '.join(paths) or 'none'}"
        )
    key = _key(config)
    if key is None:
        raise NotDone(f"{config.registers_key}: the key of the registers is not there")
    return paths[name], key


def _description(path: Path, key: bytes | None) -> Description:
    from gateway.releases.unit_registers.faults import RegisterFault
    from gateway.releases.unit_registers.opened import describe

    assert key is not None
    try:
        return describe(path, key)
    except RegisterFault as fault:
        raise NotDone(str(fault)) from None


def _size(path: Path, told: Description) -> str:
    size = path.stat().st_size
    return f"{told.rows:,} rows, {size / 1e6:,.1f} MB, {size / max(1, told.rows):.0f} bytes a row"


def _columns(told: Description) -> Sequence[str]:
    """Each column: how full it is, and what it proves that its value agrees."""
    from gateway.releases.unit_registers.distinctness import MOST_BITS

    keys = len(told.keys)
    lines = []
    for number, (name, filled, bits) in enumerate(
        zip(told.columns, told.filled, told.alone, strict=True)
    ):
        common = sum(field == number for field, _, _ in told.common)
        line = f"  {shown(name)}: {'key, ' if number < keys else ''}{filled / max(1, told.rows):.0%} filled"
        if bits < MOST_BITS:
            line += f", a rare value is {2**bits:,.0f} to one"
        else:
            line += ", hardly two rows share a rare value"
        lines.append(line + (f", {common} values are common" if common else ""))
    return lines


def _as_object(path: Path, told: Description) -> dict[str, Any]:
    return {
        "name": told.name, "built": told.built, "source": told.source, "rows": told.rows,
        "bytes": path.stat().st_size, "key_columns": told.columns[: len(told.keys)],
        "fields": told.columns[len(told.keys) :], "filled": told.filled,
        "bits": [round(bits, 1) for bits in told.alone],
    }  # fmt: skip
