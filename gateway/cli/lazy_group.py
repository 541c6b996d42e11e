"""A group of commands that loads only the one that is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Mapping

import click


class LazyGroup(click.Group):
    """`places` maps a command's name to "module:function", in the order in which help shows them."""

    def __init__(self, *arguments: Any, places: Mapping[str, str], **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._places:
            return None
        module, name = self._places[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command
