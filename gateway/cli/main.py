"""The `gateway` command: finds the subcommand and loads only what it needs."""

from __future__ import annotations

import click

from gateway import __version__
from gateway.cli.lazy_group import LazyGroup

_COMMANDS = {
    "run": "gateway.cli.run:run",
    "demo": "gateway.cli.demo:demo",
    "check": "gateway.cli.check:check",
    "inspect": "gateway.cli.inspect:inspect",
    "scan": "gateway.cli.scan:scan",
    "rules": "gateway.cli.rules:rules",
    "who": "gateway.cli.who:who",
    "releases": "gateway.cli.releases:releases",
    "registers": "gateway.cli.registers:registers",
    "holds": "gateway.cli.holds:holds",
}


@click.group(
    cls=LazyGroup, places=_COMMANDS, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="gateway")
def main() -> None:
    """A mail relay that knows what a statistical release is."""


if __name__ == "__main__":
    main()
