"""Fits the weights of the microdata signals to labelled tables, within each signal's sign.

    python benchmarks/fit_microdata.py TABLES.jsonl … [--write]

Each line of the input is one sheet: {"file", "label": "microdata"|"aggregate"|"other", "repo",
"rows": [[cell, …], …]}. A weight never changes its sign: every signal has a reason, and data may
only say how much it counts. The prior is the weights file as it stands; `--strength` says how
firmly it is held. Figures are cross-validated by source repository.
"""

from __future__ import annotations

import argparse
import json
import math
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Iterable

from gateway.detect.microdata.facts import gather
from gateway.detect.microdata.judge import is_table, observe
from gateway.detect.microdata.weights import SHIPPED, Weights

WEIGHTS = Path(__file__).parent.parent / "gateway" / "detect" / "microdata" / "weights.toml"
Example = tuple[str, str, str, list[dict[str, float]]]


def read(paths: Iterable[Path]) -> list[Example]:
    """(file, label, repository, signal strengths of each sheet)."""
    files: dict[str, Example] = {}
    for path in paths:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                sheet = json.loads(line)
                name = sheet["file"]
                files.setdefault(name, (name, sheet["label"], sheet["repo"], []))
                facts = gather(sheet["rows"])
                if is_table(facts):
                    strengths: dict[str, float] = defaultdict(float)
                    for signal, strength, _ in observe(facts):
                        strengths[signal] += strength
                    files[name][3].append(dict(strengths))
    return list(files.values())


def score(
    weights: dict[str, float], bias: float, sheets: list[dict[str, float]]
) -> tuple[float, int]:
    """The highest score of a file's sheets, and which sheet it is."""
    scores = [bias + sum(weights[n] * s for n, s in sheet.items()) for sheet in sheets]
    if not scores:
        return -9.0, -1
    best = max(range(len(scores)), key=scores.__getitem__)
    return scores[best], best


def fit(
    examples: list[Example], prior: Weights, strength: float, rounds: int
) -> tuple[dict[str, float], float]:
    """Logistic regression by gradient descent, drawn to the prior and clipped to its signs."""
    weights, bias = dict(prior.signals), prior.bias
    share = Counter(label == "microdata" for _, label, _, _ in examples)
    for step in range(rounds):
        gradient: dict[str, float] = defaultdict(float)
        slope = 0.0
        for _, label, _, sheets in examples:
            value, best = score(weights, bias, sheets)
            if best < 0:
                continue
            wanted = label == "microdata"
            importance = len(examples) / (2 * share[wanted]) * (0.6 if label == "other" else 1.0)
            error = importance * (1 / (1 + math.exp(-max(-30.0, min(30.0, value)))) - wanted)
            slope += error
            for name, amount in sheets[best].items():
                gradient[name] += error * amount
        rate = 0.03 / (1 + step / 100)
        for name in weights:
            pull = gradient[name] + strength * (weights[name] - prior.signals[name])
            moved = weights[name] - rate * pull
            weights[name] = max(0.1, moved) if prior.signals[name] > 0 else min(-0.1, moved)
        bias -= rate * (slope + strength * (bias - prior.bias))
    return weights, bias


def table(examples: list[Example], scores: dict[str, float], weights: Weights) -> None:
    """Print who was called what."""
    counts: Counter[tuple[str, str]] = Counter()
    for name, label, _, _ in examples:
        value = scores[name]
        called = (
            "microdata"
            if value >= weights.microdata
            else "aggregate"
            if value <= weights.aggregate
            else "unsure"
        )
        counts[label, called] += 1
        if (
            (label == "microdata") != (called == "microdata")
            and (label, called) != ("other", "unsure")
            and called != "aggregate"
        ) or (label == "microdata" and called == "aggregate"):
            print(f"  {value:+.2f} {label:>9} called {called:<9} {name}")
    for label in ("microdata", "aggregate", "other"):
        row = {called: counts[label, called] for called in ("microdata", "unsure", "aggregate")}
        total = sum(row.values()) or 1
        print(f"{label:>9}: " + "  ".join(f"{k} {v} ({v / total:.0%})" for k, v in row.items()))


def main() -> None:
    """Fit, cross-validate by repository, and perhaps write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="+", type=Path)
    parser.add_argument("--strength", type=float, default=3.0)
    parser.add_argument("--rounds", type=int, default=150)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    examples = read(options.tables)
    print("as shipped:")
    shipped = dict(SHIPPED.signals)
    table(examples, {e[0]: score(shipped, SHIPPED.bias, e[3])[0] for e in examples}, SHIPPED)
    held_out: dict[str, float] = {}
    for repository in sorted({e[2] for e in examples}):
        weights, bias = fit(
            [e for e in examples if e[2] != repository], SHIPPED, options.strength, options.rounds
        )
        held_out |= {e[0]: score(weights, bias, e[3])[0] for e in examples if e[2] == repository}
    print("cross-validated by repository:")
    table(examples, held_out, SHIPPED)
    weights, bias = fit(examples, SHIPPED, options.strength, options.rounds)
    print("fitted on all:")
    table(examples, {e[0]: score(weights, bias, e[3])[0] for e in examples}, SHIPPED)
    for name, value in weights.items():
        print(f"  {name:<26} {SHIPPED.signals[name]:+.2f} -> {value:+.2f}")
    if options.write:
        text = WEIGHTS.read_text("utf-8")
        for name, value in (*weights.items(), ("bias", bias)):
            text = re.sub(rf"(?m)^{name} = \S+", f"{name} = {value:.2f}", text)
        WEIGHTS.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
