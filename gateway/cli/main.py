"""The `gateway` command: finds the subcommand and loads only what it needs."""

from __future__ import annotations

from importlib import import_module

import click

from gateway import __version__

_COMMANDS = {
    "run": "gateway.cli.run:run",
    "demo": "gateway.cli.demo:demo",
    "check": "gateway.cli.check:check",
    "inspect": "gateway.cli.inspect:inspect",
    "scan": "gateway.cli.scan:scan",
    "rules": "gateway.cli.rules:rules",
    "who": "gateway.cli.who:who",
    "releases": "gateway.cli.releases:releases",
    "holds": "gateway.cli.holds:holds",
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


@click.command(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="gateway")
def main() -> None:
    """A mail relay that knows what a statistical release is."""


if __name__ == "__main__":
    main()
