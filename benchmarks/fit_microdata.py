"""Fits the weights of the microdata signals to labelled tables, within each signal's sign.

    python -m benchmarks.fit_microdata TABLES.jsonl … [--write]

Each line of the input is one sheet: {"file", "label": "microdata"|"aggregate"|"other", "repo",
"rows": [[cell, …], …]} and, where the file told them, "form", "labels" and "coded" as in `Table`.
A weight never changes its sign: every signal has a reason, and data may only say how much it
counts. The prior is the weights file as it stands; `--strength` says how firmly it is held.
Tables are also fitted without their header and cut to a few rows, since packaging must not decide.
Figures are cross-validated by source repository, on the tables as they are.
"""

from __future__ import annotations

import argparse
import json
import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Callable, Iterable

from gateway.detect.microdata import judge
from gateway.detect.microdata.facts import gather
from gateway.detect.microdata.judge import TYPED, is_table, observe, of_file
from gateway.detect.microdata.weights import SHIPPED, Weights
from gateway.model.content import Table
from gateway.model.message import Location

WEIGHTS = Path(__file__).parent.parent / "gateway" / "detect" / "microdata" / "weights.toml"
PACKAGED = 0.3
"""How much a changed copy of a table counts beside the table itself."""
Strengths = dict[str, float]
Fitted = tuple[dict[str, float], float]


@dataclass
class Example:
    """One file: the strengths of the signals in each of its sheets, and in changed copies of them."""

    name: str
    label: str
    repository: str
    tables: list[Table]
    sheets: list[Strengths]
    changed: list[Strengths]


def strengths(table: Table) -> Strengths | None:
    facts = gather(table.rows, table.labels, table.form in ("statistical", "database", "records"))
    if not is_table(facts):
        return None
    found: Strengths = defaultdict(float)
    for name, strength, _ in [*observe(facts), *of_file(table, facts)]:
        found[name] += strength
    return dict(found)


CHANGES: tuple[Callable[[Table], Table], ...] = (
    lambda table: replace(table, rows=table.rows[1:], form="text", labels=(), coded=()),
    lambda table: replace(table, rows=table.rows[:16]),
    lambda table: replace(table, rows=table.rows[:7]),
)


def read(paths: Iterable[Path]) -> list[Example]:
    """Every file with what the signals say of it."""
    files: dict[str, Example] = {}
    for path in paths:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                sheet = json.loads(line)
                name = sheet["file"]
                table = Table(
                    Location("1", name),
                    sheet["rows"],
                    form=sheet.get("form", "text"),
                    labels=tuple(sheet.get("labels", ())),
                    coded=tuple(sheet.get("coded", ())),
                )
                example = files.setdefault(
                    name, Example(name, sheet["label"], sheet["repo"], [], [], [])
                )
                example.tables.append(table)
                if (found := strengths(table)) is not None:
                    example.sheets.append(found)
                for change in CHANGES:
                    if len(table.rows) > 8 and (found := strengths(change(table))) is not None:
                        example.changed.append(found)
    return list(files.values())


def score(weights: dict[str, float], bias: float, sheet: Strengths, typed: float) -> float:
    """The log-odds of one sheet, with the bound on what a few added cells take away."""
    cells = sum(weights[n] * s for n, s in sheet.items() if n in TYPED)
    rest = sum(weights[n] * s for n, s in sheet.items() if n not in TYPED)
    return bias + rest + max(cells, typed)


def fit(examples: list[Example], prior: Weights, strength: float, rounds: int) -> Fitted:
    """Logistic regression by gradient descent, drawn to the prior and clipped to its signs."""
    weights, bias = dict(prior.signals), prior.bias
    share = Counter(example.label == "microdata" for example in examples)
    for step in range(rounds):
        gradient: dict[str, float] = defaultdict(float)
        slope = 0.0
        for example in examples:
            wanted = example.label == "microdata"
            weight = len(examples) / (2 * share[wanted])
            if example.label == "other":
                weight *= 0.6
            chosen = []
            if example.sheets:
                worst = max(example.sheets, key=lambda s: score(weights, bias, s, prior.typed))
                chosen.append((worst, 1.0))
            if len(example.tables) == 1:
                chosen += [(sheet, PACKAGED) for sheet in example.changed]
            for sheet, part in chosen:
                value = score(weights, bias, sheet, prior.typed)
                chance = 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))
                error = weight * part * (chance - wanted)
                slope += error
                for name, amount in sheet.items():
                    gradient[name] += error * amount
        rate = 0.02 / (1 + step / 100)
        for name in weights:
            pull = gradient[name] + strength * (weights[name] - prior.signals[name])
            moved = weights[name] - rate * max(-40.0, min(40.0, pull))
            weights[name] = max(0.1, moved) if prior.signals[name] > 0 else min(-0.1, moved)
        bias -= rate * max(-40.0, min(40.0, slope + strength * (bias - prior.bias)))
    return weights, bias


_ORDER = ("not-a-table", "aggregate", "unsure", "microdata")


def called(example: Example, weights: Weights) -> tuple[str, float]:
    """The worst verdict on a file's sheets, as the judge gives it."""
    found = [judge(table, weights) for table in example.tables]
    worst = max(found, key=lambda verdict: (_ORDER.index(verdict.verdict), verdict.score))
    return worst.verdict, worst.score


def table(examples: list[Example], verdicts: dict[str, tuple[str, float]]) -> None:
    """Print who was called what."""
    counts: Counter[tuple[str, str]] = Counter()
    for example in examples:
        verdict, value = verdicts[example.name]
        verdict = "aggregate" if verdict == "not-a-table" else verdict
        counts[example.label, verdict] += 1
        if (example.label == "microdata") != (verdict == "microdata") and (
            example.label == "microdata"
            or verdict == "microdata"
            or (example.label, verdict) == ("aggregate", "unsure")
        ):
            print(f"  {value:+.2f} {example.label:>9} called {verdict:<9} {example.name}")
    for label in ("microdata", "aggregate", "other"):
        row = {name: counts[label, name] for name in ("microdata", "unsure", "aggregate")}
        total = sum(row.values()) or 1
        print(f"{label:>9}: " + "  ".join(f"{k} {v} ({v / total:.1%})" for k, v in row.items()))


def main() -> None:
    """Fit, cross-validate by repository, and perhaps write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="+", type=Path)
    parser.add_argument("--strength", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=150)
    parser.add_argument("--folds", type=int, default=0, help="0: one for every repository")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    examples = read(options.tables)
    print("as shipped:")
    table(examples, {e.name: called(e, SHIPPED) for e in examples})
    repositories = sorted({e.repository for e in examples})
    folds = options.folds or len(repositories)
    held_out: dict[str, tuple[str, float]] = {}
    for fold in range(folds):
        left = set(repositories[fold::folds])
        weights, bias = fit(
            [e for e in examples if e.repository not in left],
            SHIPPED, options.strength, options.rounds,
        )  # fmt: skip
        fitted = replace(SHIPPED, signals=weights, bias=bias)
        held_out |= {e.name: called(e, fitted) for e in examples if e.repository in left}
    print("cross-validated by repository:")
    table(examples, held_out)
    weights, bias = fit(examples, SHIPPED, options.strength, options.rounds)
    print("fitted on all:")
    fitted = replace(SHIPPED, signals=weights, bias=bias)
    table(examples, {e.name: called(e, fitted) for e in examples})
    for name, value in weights.items():
        print(f"  {name:<26} {SHIPPED.signals[name]:+.2f} -> {value:+.2f}")
    print(f"  {'bias':<26} {SHIPPED.bias:+.2f} -> {bias:+.2f}")
    if options.write:
        text = WEIGHTS.read_text("utf-8")
        for name, value in (*weights.items(), ("bias", bias)):
            text = re.sub(rf"(?m)^{name} = \S+", f"{name} = {value:.2f}", text)
        WEIGHTS.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
