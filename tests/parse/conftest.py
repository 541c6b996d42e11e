"""Messages to parse."""

from __future__ import annotations

from typing import Callable

import pytest

from gateway.model.limits import ParseLimits
from gateway.model.message import Message


@pytest.fixture
def parse() -> Callable[..., Message]:
    from gateway.parse import parse_message

    def run(raw: bytes | str, **limits: int) -> Message:
        raw = raw.encode("utf-8", "surrogateescape") if isinstance(raw, str) else raw
        return parse_message(raw, ParseLimits(**limits))

    return run
