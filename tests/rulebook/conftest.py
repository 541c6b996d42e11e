"""A small valid rule, and a folder to put rules into."""

from __future__ import annotations

from pathlib import Path
from typing import Callable

import pytest

RULE = """\
id: NAME
title: An encrypted attachment to a private mailbox
severity: medium
mode: enforce
because: An attachment to {recipient-count} people could not be read.
select:
  locked: {any gap: {reason: encrypted}}
  public: {this recipient: {class: webmail}}
when: locked and public
do: {action: hold, scope: matching recipients}
tests:
  hits:
    - name: a locked archive
      to: friend@webmail.example
      with: [{attachment: a.zip}, {gap: encrypted, in: a.zip}]
      expect: hold
    - name: a locked text
      to: [friend@webmail.example, colleague@dept.example]
      with: [{gap: encrypted, in: body}]
      expect: {friend@webmail.example: hold, others: pass}
  near-misses:
    - name: inside
      to: colleague@dept.example
      with: [{gap: encrypted, in: body}]
    - name: readable
      to: friend@webmail.example
      expect: pass
"""

Write = Callable[..., Path]


@pytest.fixture
def rule_text() -> Callable[..., str]:
    """The valid rule under a name, with some of its text replaced."""

    def text(name: str = "locked-away", *changes: tuple[str, str]) -> str:
        body = RULE.replace("NAME", name)
        for old, new in changes:
            assert old in body
            body = body.replace(old, new, 1)
        return body

    return text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "policy"
    path.mkdir()
    return path
