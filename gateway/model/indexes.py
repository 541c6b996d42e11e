"""Indexes that frozen values carry beside what they are made of."""

from __future__ import annotations

from dataclasses import field
from typing import Any, Iterable, Protocol, TypeVar


class _Addressed(Protocol):
    @property
    def address(self) -> str: ...


A = TypeVar("A", bound=_Addressed)
E = TypeVar("E")


def by_address(entries: Iterable[A]) -> dict[str, tuple[A, ...]]:
    """The entries of each address, in their order."""
    return grouped((entry.address, entry) for entry in entries)


def grouped(pairs: Iterable[tuple[str, E]]) -> dict[str, tuple[E, ...]]:
    """What stands under each key, in its order."""
    found: dict[str, list[E]] = {}
    for key, entry in pairs:
        found.setdefault(key, []).append(entry)
    return {key: tuple(entries) for key, entries in found.items()}


def index() -> Any:
    """A field that is computed from the others and is no part of the value."""
    return field(init=False, repr=False, compare=False, default_factory=dict)
