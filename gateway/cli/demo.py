"""`gateway demo`: the five incidents and innocent mail through real SMTP, and what became of them.

Everything runs on loopback ports of its own choosing and in a temporary folder; nothing is left.
"""

from __future__ import annotations

import asyncio
import shutil
import smtplib
import socket
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from pathlib import Path
from typing import Any

import click
import structlog
from aiosmtpd.smtp import SMTP
from prometheus_client import CollectorRegistry
from rich.console import Console
from rich.table import Table
from rich.text import Text

from gateway.cli.scenarios import Play, plays
from gateway.cli.screen import moment, screen
from gateway.cli.setting import load_setting
from gateway.config import Config, Receive
from gateway.decide.explain import why
from gateway.model.address import domain_of
from gateway.model.held import Hold, HoldSummary


@click.command()
@click.option(
    "--config", "config_file", type=click.Path(path_type=Path), help="Rules and lists to use."
)
def demo(config_file: Path | None) -> None:
    """Play the five incidents against the shipped policy and show who got what, and why."""
    config = load_setting(config_file)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    with tempfile.TemporaryDirectory(prefix="gateway-demo-") as folder:
        results, letters = asyncio.run(_play(config, Path(folder)))
    _show(results, letters, config.department.zone)


@dataclass
class _Clock:
    at: datetime

    def __call__(self) -> datetime:
        return self.at


@dataclass
class _Mailboxes:
    """The next hop: takes everything and remembers who got what, by Message-ID."""

    delivered: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    letters: list[tuple[str, str]] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        head = message_from_bytes(envelope.content)
        if envelope.mail_from not in ("", "<>", None):
            self.delivered[str(head["Message-ID"])] += envelope.rcpt_tos
        else:
            self.letters += [(address, str(head["Subject"])) for address in envelope.rcpt_tos]
        return "250 2.0.0 Ok"


@dataclass(frozen=True, slots=True)
class _Result:
    play: Play
    reply: str
    got: tuple[str, ...]
    hold: HoldSummary | None
    why: dict[str, str]


async def _play(config: Config, folder: Path) -> tuple[list[_Result], list[tuple[str, str]]]:
    from gateway import app
    from gateway.act.metrics import Metrics
    from gateway.live import load_knowledge

    loop = asyncio.get_running_loop()
    boxes = _Mailboxes()
    sink = await loop.create_server(
        lambda: SMTP(boxes, hostname="next-hop.example", enable_SMTPUTF8=True, loop=loop),
        "127.0.0.1",
        0,
    )
    config = _own(config, folder, sink.sockets[0].getsockname()[1])
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    listener.setblocking(False)
    cast = plays()
    clock = _Clock(cast[0].at)
    store = app.open_store(config)
    metrics = Metrics(CollectorRegistry())
    worker = app.Worker(config, load_knowledge(config), store, metrics, clock)
    keeper = app.Keeper(config, store, metrics, clock)
    await worker.start(listener)
    results = []
    try:
        for play in cast:
            clock.at = play.at
            before = {hold.id for hold in store.holds()}
            reply = await asyncio.to_thread(_send, port, play)
            while await keeper.outbox.run_once():
                continue
            held = next((hold for hold in store.holds() if hold.id not in before), None)
            got = tuple(boxes.delivered[f"<{play.at:%Y%m%d%H%M%S}.demo@dept.example>"])
            why = _reasons(store.hold(held.id), config.department.domains) if held else {}
            results.append(_Result(play, reply, got, held, why))
    finally:
        await worker.drain(5.0)
        await keeper.close()
        store.close()
        sink.close()
    return results, boxes.letters


def _own(config: Config, folder: Path, next_port: int) -> Config:
    """The same rules and lists, with ports and store of the demo's own."""
    next_hop = config.next_hop.model_copy(
        update={"mode": "smarthost", "host": "127.0.0.1", "port": next_port, "tls": "never"}
    )
    store = config.store.model_copy(
        update={"path": folder / "demo.sqlite", "key_file": folder / "demo.key"}
    )
    mine = {"receive": Receive(), "next_hop": next_hop, "store": store}
    return config.model_copy(update=mine)


def _send(port: int, play: Play) -> str:
    """Through real SMTP; the reply to the final dot, or to the first refusal."""
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as client:
        client.ehlo("client.dept.example")
        client.mail(play.sender)
        for recipient in play.recipients:
            client.rcpt(recipient)
        code, text = client.data(play.message())
        return f"{code} {text.decode()}"


def _reasons(hold: Hold, domains: tuple[str, ...]) -> dict[str, str]:
    """Why, for each recipient that is held: their standing, or the rule's own words. To somebody
    outside the department the list was never the question, so the rule speaks first."""
    found = {}
    for decision in hold.verdict.decisions:
        if decision.disposition != "pass":
            outside = not f".{domain_of(decision.address)}".endswith(
                tuple(f".{domain}" for domain in domains)
            )
            sentences = (decision.because if outside else ()) or why(decision)
            rule = f" (rule {decision.reasons[0]})" if decision.reasons else ""
            found[decision.address] = (sentences[0] if sentences else "held") + rule
    return found


def _show(results: list[_Result], letters: list[tuple[str, str]], zone: str) -> None:
    console = screen()
    console.rule("Five published incidents, and innocent mail, through the gateway")
    for result in results:
        _show_one(console, result, zone)
    console.rule()
    alerts = sum(subject.startswith(("[near miss]", "[BREACH]")) for _, subject in letters)
    console.print(
        f"The gateway wrote {len(letters) - alerts} letters to senders (why it is held, what to do "
        f"now) and {alerts} alerts to release contacts and the security officer. Nothing is left "
        f"behind. Next: {as_called()} inspect MESSAGE.eml",
        markup=False,
    )


def as_called() -> str:
    """How this program is called from here: by its name only where the shell would find it."""
    called = Path(sys.argv[0])
    if shutil.which("gateway") or called.name != "gateway":
        return "gateway"
    folder = Path.cwd()
    return str(called.relative_to(folder) if called.is_relative_to(folder) else called)


def _show_one(console: Console, result: _Result, zone: str) -> None:
    play = result.play
    console.print(f"\n[bold]{play.title}[/bold]: {play.story}")
    console.print(f"[dim]{moment(play.at, zone)}, from {play.sender}[/dim]")
    grid = Table("recipient", "fate", "why", box=None, padding=(0, 2, 0, 1), show_header=False)
    for recipient in play.recipients:
        if recipient in result.got:
            grid.add_row(recipient, "[green]delivered[/green]", "")
        else:
            fate = "HELD" if result.hold else "REFUSED"
            reason = Text(result.why.get(recipient, result.reply))
            grid.add_row(recipient, f"[red]{fate}[/red]", reason)
    console.print(grid)
