"""`gateway releases`: the department's releases and their lists of people, one command a module.

Commands are found by the table below and loaded only when they are asked for.
"""

from __future__ import annotations

from importlib import import_module

import click

_COMMANDS = {
    "list": "gateway.cli.releases_show:list_",
    "show": "gateway.cli.releases_show:show",
    "lift": "gateway.cli.releases_lift:lift",
    "check": "gateway.cli.releases_check:check",
    "calendar": "gateway.cli.releases_calendar:calendar",
    "import": "gateway.cli.releases_import:import_",
    "export": "gateway.cli.releases_export:export",
    "directory": "gateway.cli.releases_directory:directory",
    "diff": "gateway.cli.releases_diff:diff",
    "approve": "gateway.cli.releases_approve:approve",
}


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.command(cls=_Lazy)
def releases() -> None:
    """Look after releases and their lists of people."""
