"""Indexes that frozen values carry beside what they are made of."""

from __future__ import annotations

from dataclasses import field
from typing import Any, Iterable, Protocol, TypeVar


class _Addressed(Protocol):
    @property
    def address(self) -> str: ...


A = TypeVar("A", bound=_Addressed)


def by_address(entries: Iterable[A]) -> dict[str, tuple[A, ...]]:
    """The entries of each address, in their order."""
    found: dict[str, tuple[A, ...]] = {}
    for entry in entries:
        found[entry.address] = (*found.get(entry.address, ()), entry)
    return found


def index() -> Any:
    """A field that is computed from the others and is no part of the value."""
    return field(init=False, repr=False, compare=False, default_factory=dict)
