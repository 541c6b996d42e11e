"""Nested distribution lists -> whom each reaches, or why nobody can tell.

Pure. A list that contains itself, stands too deep, is too long, or holds a member that is not
understood reaches anybody; so does every list that contains such a one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator, Mapping, Sequence, Union

MAX_DEPTH = 20
MAX_MEMBERS = 5_000
"""No list of pre-release access has as many people, so that a longer one is never listed anyway."""
MAX_TOGETHER = 4_000_000
"""Of all lists together: what they may cost in memory where each contains the next."""
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Inner:
    """A list as a member of another, by its key."""

    key: str


Member = Union[str, Inner]


@dataclass(frozen=True, slots=True)
class Node:
    """A list: whom it names directly, by address or as an inner list. `name` is what it is called
    in sentences."""

    name: str
    members: Sequence[Member]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """Everybody whom a list reaches; `fault` is empty where that is known. `keys` are the lists
    within it."""

    members: tuple[str, ...] = ()
    fault: str = ""
    keys: frozenset[str] = frozenset()
    depth: int = 0


def expanded(nodes: Mapping[str, Node]) -> dict[str, Reach]:
    """Whom each list reaches, inner lists taken apart."""
    walk = _Walk(nodes)
    for key in nodes:
        walk.visit(key)
    return walk.found


class _Walk:
    """Depth first without recursion, each list once: `way` are the lists that are being looked
    into, from the outermost, with their places in it; `straight` the places of those that are in no
    circle so far, and `circles` the lists that contain themselves."""

    def __init__(self, nodes: Mapping[str, Node]) -> None:
        self.found: dict[str, Reach] = {}
        self._nodes = nodes
        self._way: list[str] = []
        self._places: dict[str, int] = {}
        self._straight: list[int] = []
        self._circles: dict[str, str] = {}
        self._left = MAX_TOGETHER

    def visit(self, key: str) -> None:
        if key in self.found:
            return
        pending = [self._enter(key)]
        while pending:
            inner = next(pending[-1], None)
            if inner is None:
                pending.pop()
                done = self._leave()
                self.found[done] = self._reach(done)
            elif inner in self._places:
                self._note_circle(inner)
            elif inner not in self.found:
                pending.append(self._enter(inner))

    def _enter(self, key: str) -> Iterator[str]:
        self._straight.append(len(self._way))
        self._places[key] = len(self._way)
        self._way.append(key)
        node = self._nodes[key]
        if node.fault:
            return iter(())
        return (member.key for member in node.members if isinstance(member, Inner))

    def _leave(self) -> str:
        done = self._way.pop()
        if self._places.pop(done) in self._straight[-1:]:
            self._straight.pop()
        return done

    def _note_circle(self, key: str) -> None:
        """Each list is noted once, with the first circle that is found through it."""
        first, length = self._places[key], len(self._way) - self._places[key]
        while self._straight and self._straight[-1] >= first:
            place = self._straight.pop()
            following = [
                self._way[first + (place - first + step) % length]
                for step in range(1, min(length, _SHOWN + 1))
            ]
            self._circles[self._way[place]] = self._through(following, length - 1)

    def _through(self, others: Sequence[str], many: int) -> str:
        if not others:
            return "it contains itself"
        names = [self._nodes[key].name for key in others]
        if many > _SHOWN:
            names.append(f"{many - _SHOWN} more")
        return f"it contains itself through {', '.join(names)}"

    def _reach(self, key: str) -> Reach:
        node = self._nodes[key]
        if node.fault:
            return Reach(fault=node.fault)
        if key in self._circles:
            return Reach(fault=self._circles[key])
        members: dict[str, None] = {}
        inside: set[str] = set()
        depth = 0
        for member in node.members:
            if isinstance(member, str):
                members[member] = None
                continue
            reach, name = self.found[member.key], self._nodes[member.key].name
            if reach.fault:
                return Reach(fault=_of_inner(name, reach.fault))
            depth = max(depth, reach.depth + 1)
            if depth > MAX_DEPTH:
                return Reach(fault=f"lists stand in it more than {MAX_DEPTH} deep")
            members.update(dict.fromkeys(reach.members))
            inside |= {member.key, *reach.keys}
            if len(members) > MAX_MEMBERS:
                break
        if len(members) > MAX_MEMBERS:
            return Reach(fault=f"it has more than {MAX_MEMBERS:,} members")
        self._left -= len(members) + len(inside)
        if self._left < 0:
            return Reach(fault="all lists together have too many members to be taken apart")
        if not members:
            return Reach(fault="it has no members")
        return Reach(tuple(members), "", frozenset(inside), depth)


def _of_inner(name: str, fault: str) -> str:
    """Why a list is unknown that contains an unknown one. The innermost reason is kept."""
    return fault if fault.startswith("it contains '") else f"it contains '{name}', and {fault}"
