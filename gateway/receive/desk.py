"""What every conversation of one listener shares: settings, who takes the mail, who is let in."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from gateway.config import Receive
from gateway.model.transaction import Submit
from gateway.receive.admission import Admission
from gateway.receive.data_reader import DataRules
from gateway.receive.users import Users

Clock = Callable[[], datetime]


class Farewell(Protocol):
    """How a conversation is brought to its end from outside."""

    def drain(self) -> None:
        """Say good-bye as soon as no transaction is under way."""

    def expire(self) -> None:
        """Say good-bye now, but for a commit that has begun."""

    def cut(self) -> None:
        """Close without a word; a commit that has begun goes on to its end."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Fixed for the listener's life but for `admission`, `conversations` (their tasks and what
    they can be told) and `commits`, the deliveries under way, which are held here because a
    cancelled conversation must not take them along."""

    settings: Receive
    hostname: str
    submit: Submit
    clock: Clock
    tls: ssl.SSLContext | None
    users: Users | None
    admission: Admission
    rules: DataRules
    conversations: dict[asyncio.Task[None], Farewell] = field(default_factory=dict)
    commits: set[asyncio.Task[Any]] = field(default_factory=set)
