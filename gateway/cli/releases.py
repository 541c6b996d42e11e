"""`gateway releases`: the department's releases and their lists of people, one command a module.

Commands are found by the table below and loaded only when they are asked for.
"""

from __future__ import annotations

import click

from gateway.cli.lazy_group import LazyGroup

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
    "material": "gateway.cli.releases_material:material",
    "series": "gateway.cli.releases_series:series",
    "approve": "gateway.cli.releases_approve:approve",
}


@click.group(cls=LazyGroup, places=_COMMANDS)
def releases() -> None:
    """Look after releases and their lists of people."""
