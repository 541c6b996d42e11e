"""How commands get at the register: loaded as the gateway loads it, or ended with every fault."""

from __future__ import annotations

from pathlib import Path

import click

from gateway.cli.setting import Faulty, keyed, load_setting
from gateway.config import Config
from gateway.lists import read_lists
from gateway.model.fault import Faults
from gateway.model.register import Register
from gateway.model.release import Release


def load_lists(config_file: Path | None) -> tuple[Config, Register]:
    """The configuration and its register; faults end the command with exit code 2."""
    config = load_setting(config_file)
    try:
        register = read_lists(config)
    except Faults as faults:
        raise Faulty(Faults(keyed(faults.faults, config))) from None
    return config, register


def the_release(register: Register, id: str) -> Release:
    """The release of that id; where there is none, misuse."""
    found = register.releases.get(id)
    if found is None:
        known = ", ".join(sorted(register.releases)) or "none"
        raise click.UsageError(f"there is no such release; the register has: {known}")
    return found
