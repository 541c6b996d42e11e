"""What docs/releases.md shows of people and addresses loads as it stands there."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from gateway.model.register import Register

PAGE = Path(__file__).resolve().parents[2] / "docs/releases.md"
RELEASE = "release: {title: Something, instant: 2018-03-28T09:30:00}\n"


def test_the_examples_of_people_and_mailboxes_load(load: Callable[..., Register]) -> None:
    page = PAGE.read_text()
    section = page[page.index("## People and addresses") :].split("\n## ")[0]
    blocks = re.findall(r"```yaml\n(.*?)```", section, re.DOTALL)
    assert len(blocks) == 2
    known = load(_people="\n".join(blocks), x=RELEASE).directory
    assert known.people["b-wood"].previous == ("Deputy Director",)
    assert known.mailboxes["news.desk@dept.example"].kind == "press"
