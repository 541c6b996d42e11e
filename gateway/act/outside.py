"""What the keeper's duties about registered material need of the rest of the gateway."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from gateway.model.register import Register
from gateway.pipeline import Inspector

Inspecting = Callable[[], AbstractAsyncContextManager[Inspector]]
"""Opens an Inspector of the rules, lists and material of now. Raises Faults."""


@dataclass(frozen=True, slots=True)
class Outside:
    """The register that was `current` last (None before any was read), `read` anew (raises Faults),
    an Inspector, and to tell that the material is another (`changed`)."""

    current: Callable[[], Register | None]
    read: Callable[[], Register]
    inspecting: Inspecting
    changed: Callable[[], Awaitable[None]]
