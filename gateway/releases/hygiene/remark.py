"""A remark about a list, and what the gateway knows besides the register when it makes one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Callable, Mapping, Sequence

from gateway.model.receipt import Receipt
from gateway.model.release import Release, Standing


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence about a list. `address` or `role` says which entry it is about, if any. What is
    no `warning` only says what could not be looked at."""

    release: str
    kind: str
    sentence: str
    address: str = ""
    role: str = ""
    warning: bool = True


@dataclass(frozen=True, slots=True)
class Circumstances:
    """`judge` is the standing of an address at an instant, `class_of` an address's domain class.
    `receipts` are what the store knows of mail of earlier releases; `published` maps a release to
    the titles of its published list."""

    judge: Callable[[Release, str, datetime], Standing]
    class_of: Callable[[str], str]
    receipts: Sequence[Receipt] = ()
    published: Mapping[str, Sequence[str]] = field(default_factory=dict)
