"""How commands find their configuration, and how they say that it is wrong.

Without --config it is `config.yaml` in the current folder, else the example that came with the
gateway. A configuration that does not load ends the command with every fault and exit code 2.
"""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

import click

from gateway.config import Config, load_config
from gateway.model.fault import Faults

_PACKAGE = Path(__file__).resolve().parent.parent
_LOCAL = Path("config.yaml")


class Faulty(click.ClickException):
    """Something that people wrote does not load: every fault of it, on standard error."""

    exit_code = 2

    def __init__(self, faults: Faults) -> None:
        super().__init__(str(faults))

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, file=file, err=file is None)


def setting_path(path: Path | None) -> Path:
    """The configuration file that a command is to use."""
    if path is not None:
        return path
    if _LOCAL.exists():
        return _LOCAL
    shipped = _PACKAGE / "shipped" / "config.example.yaml"
    return shipped if shipped.exists() else _PACKAGE.parent / "config.example.yaml"


def load_setting(path: Path | None = None) -> Config:
    """The configuration that a command is to use."""
    chosen = setting_path(path)
    try:
        config = load_config(chosen)
    except Faults as faults:
        raise Faulty(faults) from None
    if path is None and chosen.is_relative_to(_PACKAGE):
        return _kept_here(config)
    return config


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
