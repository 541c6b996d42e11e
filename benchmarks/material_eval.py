"""How much of the evaluation set for registered material is recognised, by kind of letter.

`python benchmarks/material_eval.py [tune] [apart]` registers the synthetic packs, inspects every
letter on the evening before publication, and prints right/of for each kind, then every letter that
was judged wrongly, by file and id. Of the letters kept apart only counts are printed; `--names`
names those as well. `--others 40` registers 40 releases of 1,560 figures beside them. Nothing of a
letter is printed. `--no-public` registers no public editions, as somebody does who has not read that
they are needed.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from corpus.material.evaluation import Outcome, by_kind, evaluated, misses  # noqa: E402
from corpus.material.letters import Split  # noqa: E402


def main() -> None:
    options = _options()
    splits: list[Split] = options.split or ["tune", "apart"]
    for split in splits:
        with tempfile.TemporaryDirectory(prefix="material-") as name:
            started = time.process_time()
            outcomes = asyncio.run(
                evaluated(Path(name), split, options.others, not options.no_public)
            )
            _show(split, outcomes, time.process_time() - started)
        if split == "tune" or options.names:
            print(*(f"  {each}" for each in misses(outcomes)), sep="\n")


def _show(split: Split, outcomes: list[Outcome], seconds: float) -> None:
    print(f"{split}: {len(outcomes)} letters, {seconds:.1f} s of this process")
    before = ""
    for standard, kind, score in by_kind(outcomes):
        if standard != before:
            every = [one.right for one in outcomes if one.standard == standard]
            print(f"  {standard}: {sum(every)}/{len(every)} ({sum(every) / len(every):.1%})")
            before = standard
        print(f"    {kind:<18} {score.right:>4}/{score.of}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Recognition of registered material.")
    parser.add_argument("split", nargs="*", help="tune, apart, or both")
    parser.add_argument("--others", type=int, default=0, help="so many other releases beside")
    parser.add_argument("--no-public", action="store_true", help="no public editions registered")
    parser.add_argument("--names", action="store_true", help="name the misses of apart, too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
