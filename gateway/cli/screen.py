"""Output for people on whatever terminal they have: what it cannot show becomes `?`, no traceback."""

from __future__ import annotations

import io
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console


def forgiving() -> None:
    """From here on standard output takes every character, in an encoding like ASCII too."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def screen(soft_wrap: bool = False) -> Console:
    """Where a command prints; nothing is coloured because it looks like a number."""
    forgiving()
    return Console(highlight=False, soft_wrap=soft_wrap)


def moment(at: datetime, zone: str) -> str:
    """Wed 28 Mar 2018, 09:29:59 BST: without the zone nobody knows which half past nine it was."""
    return f"{at.astimezone(ZoneInfo(zone)):%a %d %b %Y, %H:%M:%S %Z}"
