"""How commands find their configuration, and how they say that it is wrong.

Without --config it is `config.yaml` in the current folder, else the example that came with the
gateway, and then the command says so; commands that keep mail insist on one of their own. A
configuration that does not load ends the command with every fault and exit code 2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, TypeVar

import click

from gateway.config import Config
from gateway.config_reading import Reading, read_config
from gateway.model.fault import Fault, Faults
from gateway.yaml_source import Document

_PACKAGE = Path(__file__).resolve().parent.parent
_LOCAL = Path("config.yaml")
Command = TypeVar("Command", bound=Callable[..., Any])


class Faulty(click.ClickException):
    """Something that people wrote does not load: every fault of it, on standard error."""

    exit_code = 2

    def __init__(self, faults: Faults) -> None:
        super().__init__(str(faults))

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, file=file, err=file is None)


class NotDone(click.ClickException):
    """Nothing was changed, and why."""

    exit_code = 1


def json_and_config(command: Command) -> Command:
    """The options --json and --config, for commands that keep something."""
    command = click.option("--json", "as_json", is_flag=True, help="One JSON object.")(command)
    option = click.option(
        "--config", "config_file", type=click.Path(path_type=Path), help="Configuration file."
    )
    return option(command)


def setting_path(path: Path | None, insist: bool = False) -> Path:
    """The configuration file that a command is to use; the example only if it does not `insist`."""
    if path is not None:
        return path
    if _LOCAL.exists():
        return _LOCAL
    shipped = _PACKAGE / "shipped" / "config.example.yaml"
    example = shipped if shipped.exists() else _PACKAGE.parent / "config.example.yaml"
    if insist:
        here = example.name if example.parent == Path.cwd() else str(example)
        hint = f"cp {here} {_LOCAL} and look through it, or pass --config FILE"
        raise click.UsageError(f"there is no {_LOCAL} here; {hint}")
    return example


def read_setting(path: Path | None = None, insist: bool = False) -> Reading:
    """The configuration that a command is to use, with whatever is wrong in it. Raises Faults."""
    chosen = setting_path(path, insist)
    if path is None and chosen != _LOCAL:
        click.echo(f"there is no {_LOCAL} here: using {chosen}", err=True)
    reading = read_config(chosen)
    if path is None and chosen.is_relative_to(_PACKAGE):
        return replace(reading, config=_kept_here(reading.config))
    return reading


def load_setting(path: Path | None = None, insist: bool = False) -> Config:
    """The configuration that a command is to use; faults end the command."""
    try:
        reading = read_setting(path, insist)
        if reading.faults:
            raise Faults(reading.faults)
    except Faults as faults:
        raise Faulty(faults) from None
    return reading.config


def keyed(faults: Iterable[Fault], config: Config, document: Document | None = None) -> list[Fault]:
    """The same faults; of a file or folder as a whole it is said which key names it, and where
    that key stands in the configuration's `document`."""
    names = {
        str(config.rules.policy): "rules.policy",
        str(config.rules.releases): "rules.releases",
        str(config.rules.domains): "rules.domains",
        str(config.rules.laws[0]): "rules.regimes",
        str(config.receive.users_file): "receive.users_file",
    }

    def named(key: str) -> str:
        places = document.places if document else {}
        line, _ = places.get(tuple(key.split(".")), (0, 0))
        where = f" ({document.file}:{line})" if document and line else ""
        return f"{key} in the configuration names it{where}"

    return [
        replace(fault, hint=named(names[fault.file]))
        if fault.line == 0 and fault.file in names
        else fault
        for fault in faults
    ]


def _kept_here(config: Config) -> Config:
    """An installed package is no place for holds and keys: they go below the current folder."""
    here = Path.cwd() / "var"
    store = config.store.model_copy(
        update={
            "path": here / config.store.path.name,
            "key_file": here / config.store.key_file.name,
        }
    )
    return config.model_copy(update={"store": store})
