"""`gateway rules`: are the rules well-formed (`check`), and do they do what they say (`test`)?

Exit 0 where all is well, 1 with faults or failed tests, 2 on misuse or a bad configuration.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text as Line

from gateway.cli.setting import load_setting
from gateway.decide import decide
from gateway.detect import Context, Detectors, DetectorSpec
from gateway.model.content import Text
from gateway.model.fault import Faults
from gateway.model.message import Location
from gateway.model.register import Register
from gateway.model.rule import Rulebook
from gateway.rulebook import Proof, load_rulebook, prove
from gateway.rulebook.prove import Found
from gateway.rulebook.stage import STAGE, ZONE

_PLACES = {"subject": Location("0", None, "subject"), "body": Location("1", None, "body")}
_directory = click.argument(
    "directory", required=False, type=click.Path(path_type=Path, file_okay=False)
)
_config = click.option(
    "--config", "config_file", type=click.Path(path_type=Path), help="Configuration file."
)
_json = click.option("--json", "as_json", is_flag=True, help="One JSON object.")


@click.group()
def rules() -> None:
    """Check and test the policy's rules (DIRECTORY; default: the configured ones)."""


@rules.command()
@_directory
@_config
@_json
def check(directory: Path | None, config_file: Path | None, as_json: bool) -> None:
    """List every fault in the rules, with file, line and column."""
    rulebook = _loaded(directory, config_file, as_json)
    if as_json:
        click.echo(json.dumps({"rules": _ids(rulebook), "digest": rulebook.digest, "faults": []}))
        return
    console = Console(highlight=False, soft_wrap=True)
    for rule in rulebook.rules:
        doing: str = rule.outcome.disposition
        doing += f" {rule.outcome.scope}" if doing == "hold" else ""
        also = [word for word in ("alert", "notify") if getattr(rule.outcome, word)]
        console.print(
            f"{rule.id}: {rule.mode}, {rule.severity}, {', '.join([doing, *also])}", markup=False
        )
    console.print(f"{len(rulebook.rules)} rules, no faults", markup=False)


@rules.command()
@_directory
@_config
@_json
def test(directory: Path | None, config_file: Path | None, as_json: bool) -> None:
    """Run every rule's own tests through the real decision, by the whole policy."""
    rulebook = _loaded(directory, config_file, as_json)
    proofs = list(prove(rulebook, decide, text_reader()))
    if as_json:
        click.echo(json.dumps(_tally(proofs) | {"tests": [_as_object(p) for p in proofs]}))
    else:
        _print(rulebook, proofs)
    if not all(proof.passed for proof in proofs):
        sys.exit(1)


class _TextReader:
    """The real detectors, reading the words that a test states."""

    def __init__(self, register: Register) -> None:
        self._detectors = Detectors(DetectorSpec.of(register))

    def __call__(
        self, texts: tuple[tuple[str, str], ...], register: Register, now: datetime
    ) -> Found:
        contents = [Text(_PLACES[place], words) for place, words in texts]
        found = self._detectors.inspect(contents, Context(now, now, ZONE))
        return found.findings, found.mentions, found.gaps


def text_reader() -> _TextReader:
    """Reads test texts with the stage's releases for vocabulary."""
    return _TextReader(STAGE)


def _loaded(directory: Path | None, config_file: Path | None, as_json: bool) -> Rulebook:
    if directory is None:
        directory = load_setting(config_file).rules.policy
    try:
        return load_rulebook(directory)
    except Faults as faults:
        if as_json:
            listed = [asdict(fault) for fault in faults.faults]
            click.echo(json.dumps({"rules": [], "faults": listed}))
        else:
            click.echo(str(faults), err=True)
            click.echo(f"{len(faults.faults)} fault(s)", err=True)
        sys.exit(1 if directory.is_dir() else 2)


def _ids(rulebook: Rulebook) -> list[dict[str, str]]:
    return [
        {"id": r.id, "title": r.title, "mode": r.mode, "severity": r.severity, "file": r.file}
        for r in rulebook.rules
    ]


def _tally(proofs: list[Proof]) -> dict[str, int]:
    skipped = sum(bool(proof.skipped) for proof in proofs)
    failed = sum(not proof.passed for proof in proofs)
    return {"passed": len(proofs) - failed - skipped, "failed": failed, "skipped": skipped}


def _as_object(proof: Proof) -> dict[str, object]:
    return asdict(proof) | {"passed": proof.passed, "kind": "hit" if proof.hit else "near-miss"}


def _print(rulebook: Rulebook, proofs: list[Proof]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for rule in rulebook.rules:
        mine = [proof for proof in proofs if proof.rule == rule.id]
        failed = [proof for proof in mine if not proof.passed]
        verdict = Line("ok  ", "green") if not failed else Line("FAIL", "red")
        console.print(verdict, Line(f"{rule.id} ({len(mine)} tests)"))
        for proof in failed:
            kind = "hit" if proof.hit else "near-miss"
            console.print(Line(f"     {proof.file}:{proof.line}: {kind} “{proof.test}”"))
            for problem in proof.problems:
                console.print(Line(f"       {problem}"))
            console.print(Line(f"       the rule says: {proof.why}"))
            for line in proof.got:
                console.print(Line(f"       {line}"))
    tally = _tally(proofs)
    console.print(
        Line(
            ", ".join(
                f"{count} {word}" for word, count in tally.items() if count or word == "passed"
            )
        )
    )
