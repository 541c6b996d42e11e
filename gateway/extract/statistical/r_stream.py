"""R's serialisation taken apart into plain objects; nothing in it is evaluated.

Versions 2 and 3 of the format are those of "R Internals", section 1.8, and of what `serialize`
writes. Pairlists are read in a loop, so a long one nests nothing; what is
cut off is kept as far as it goes.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any

from gateway.extract.statistical.r_writing import Damaged, RWriting

NIL, SYMBOL, PAIRS, CLOSURE, ENVIRONMENT, PROMISE, CALL = 0, 1, 2, 3, 4, 5, 6
SPECIAL, BUILTIN, CHAR, LOGICAL, INTEGER, REAL, COMPLEX, STRING = 7, 8, 9, 10, 13, 14, 15, 16
DOTS, LIST, EXPRESSION, BYTECODE, POINTER, WEAK, RAW, S4 = 17, 19, 20, 21, 22, 23, 24, 25
_ALTREP, _ATTR_LIST, _ATTR_CALL, _REPEATED, _REPEATS = 238, 239, 240, 243, 244
_PERSISTENT, _PACKAGE, _NAMESPACE, _REFERENCE = 247, 248, 249, 255
_CONSTANTS = frozenset((241, 242, 250, 251, 252, 253, 254, 0))
_CODE = frozenset((_ATTR_LIST, _ATTR_CALL, _REPEATED, _REPEATS, PAIRS, CALL))
_MOST_DEPTH = 150


class TooDeep(Exception):
    """Objects within objects beyond any use."""


@dataclass(slots=True, eq=False)
class RObject:
    """`value` by kind: a list of objects, of (tag, object) pairs, or of Python values."""

    kind: int
    value: Any = None
    attributes: dict[str, RObject] = field(default_factory=dict)


class RStream:
    """One serialised object. `root` holds what has been read, also after an exception."""

    def __init__(self, content: bytes) -> None:
        self._in = RWriting(content)
        self._known: list[RObject] = []
        self._open: list[RObject] = []
        self._depth = 0
        self.root: RObject | None = None

    def read(self) -> RObject:
        """The object; raises Damaged or TooDeep, after which `root` is what there was till then."""
        try:
            version = self._in.integer()
            self._in.integer(), self._in.integer()
            if version == 3:
                self._in.raw(self._in.integer())  # the charset of strings that name none
            elif version != 2:
                raise Damaged("an unknown version of R's format")
            self.root = self._item()
            return self.root
        except (struct.error, IndexError, ValueError, TypeError) as error:
            raise Damaged("the file is cut off or damaged") from error
        finally:
            self._keep_open()

    @property
    def rest(self) -> bytes:
        """What stands behind the object."""
        return self._in.rest

    def _keep_open(self) -> None:
        """Put what was being read into what it belongs to."""
        if self.root is None and self._open:
            for inner, outer in zip(self._open[:0:-1], self._open[-2::-1], strict=True):
                outer.value.append((None, inner) if outer.kind == PAIRS else inner)
            self.root = self._open[0]

    def _item(self) -> RObject:
        self._depth += 1
        if self._depth > _MOST_DEPTH:
            raise TooDeep
        try:
            return self._object(self._in.integer())
        finally:
            self._depth -= 1

    def _object(self, flags: int) -> RObject:
        kind, has_attributes, levels = flags & 0xFF, bool(flags & 0x200), flags >> 12
        if kind in _CONSTANTS:
            return RObject(NIL)
        if kind == _REFERENCE:
            index = (flags >> 8) or self._in.integer()
            if index < 1:
                raise Damaged("a wrong reference")
            return self._known[index - 1]
        if kind in (PAIRS, CALL, CLOSURE, PROMISE, DOTS):
            return self._pairs(flags)
        if kind == SYMBOL:
            return self._remember(RObject(SYMBOL, self._item().value or ""))
        if kind == ENVIRONMENT:
            return self._environment()
        if kind in (_PERSISTENT, _PACKAGE, _NAMESPACE):
            self._in.integer()
            names = [self._item().value for _ in range(self._in.length())]
            return self._remember(RObject(SYMBOL, " ".join(name or "" for name in names)))
        if kind == CHAR:
            found = RObject(CHAR, self._in.text(levels))
        elif kind in (SPECIAL, BUILTIN):
            found = RObject(SYMBOL, self._in.raw(self._in.integer()).decode("utf-8", "replace"))
        elif kind == _ALTREP:
            return self._compact()
        elif kind == BYTECODE:
            repeats: list[RObject | None] = [None] * self._in.length()
            found = self._bytecode(repeats)
        else:
            found = self._vector(kind)
        if has_attributes:
            found.attributes = self._attributes()
        return found

    def _remember(self, found: RObject) -> RObject:
        self._known.append(found)
        return found

    def _vector(self, kind: int) -> RObject:
        if kind in (LOGICAL, INTEGER):
            return RObject(kind, self._in.numbers("i", self._in.length()))
        if kind == REAL:
            return RObject(kind, self._in.numbers("d", self._in.length()))
        if kind == COMPLEX:
            parts = self._in.numbers("d", 2 * self._in.length())
            return RObject(kind, list(zip(parts[::2], parts[1::2], strict=True)))
        if kind == RAW:
            return RObject(kind, self._in.octets(self._in.length()))
        if kind == STRING:
            return self._strings()
        if kind in (LIST, EXPRESSION):
            found = RObject(LIST, [])
            self._open.append(found)
            for _ in range(self._in.length()):
                found.value.append(self._item())
            self._open.pop()
            return found
        if kind == POINTER:
            found = self._remember(RObject(kind, []))
            found.value += [self._item(), self._item()]
            return found
        if kind == WEAK:
            return self._remember(RObject(kind))
        if kind == S4:
            return RObject(kind)
        raise Damaged("an unknown kind of object")

    def _strings(self) -> RObject:
        found = RObject(STRING, [])
        values = found.value
        self._open.append(found)
        for _ in range(self._in.length()):
            flags = self._in.integer()
            if flags & 0xFF != CHAR:
                raise Damaged("a string that is none")
            values.append(self._in.text(flags >> 12))
        self._open.pop()
        return found

    def _pairs(self, flags: int) -> RObject:
        """A pairlist, call or closure: its cells one after another, for each is the tail of the
        one before. A tail of another kind is the last element."""
        kind = flags & 0xFF
        found = RObject(PAIRS if kind == PAIRS else CALL, [])
        self._open.append(found)
        first = True
        while flags & 0xFF in (PAIRS, CALL, CLOSURE, PROMISE, DOTS):
            if flags & 0x200:
                attributes = self._attributes()
                if first:
                    found.attributes = attributes
                else:
                    for value in attributes.values():
                        found.value.append((None, value) if found.kind == PAIRS else value)
            tag = self._item() if flags & 0x400 else None
            name = tag.value if tag is not None and tag.kind == SYMBOL else None
            if tag is not None and name is None:
                found.value.append((None, tag) if found.kind == PAIRS else tag)
            element = self._item()
            found.value.append((name, element) if found.kind == PAIRS else element)
            flags, first = self._in.integer(), False
        if flags & 0xFF not in _CONSTANTS:
            last = self._object(flags)
            found.value.append((None, last) if found.kind == PAIRS else last)
        self._open.pop()
        return found

    def _attributes(self) -> dict[str, RObject]:
        # Kept apart from what is open: attributes belong to an object, not into its values.
        pairs = self._item()
        if pairs.kind == NIL:
            return {}
        if pairs.kind != PAIRS:
            raise Damaged("attributes that are no pairlist")
        found: dict[str, RObject] = {}
        for index, (tag, value) in enumerate(pairs.value):
            name = tag or f"[[{index + 1}]]"
            found[name if name not in found else f"{name} {index + 1}"] = value
        return found

    def _environment(self) -> RObject:
        self._in.integer()
        found = self._remember(RObject(ENVIRONMENT, []))
        self._open.append(found)
        for _ in range(3):
            found.value.append(self._item())
        self._open.pop()
        attributes = self._item()
        if attributes.kind == PAIRS:
            found.attributes = {tag or "": value for tag, value in attributes.value}
        return found

    def _compact(self) -> RObject:
        """An alternative representation: (class, state), to be expanded by who knows the class."""
        about, state, attributes = self._item(), self._item(), self._item()
        names = [v.value for _, v in about.value if v.kind == SYMBOL] if about.kind == PAIRS else []
        found = RObject(_ALTREP, (names[0] if names else "", state))
        if attributes.kind == PAIRS:
            found.attributes = {tag or "": value for tag, value in attributes.value}
        return found

    def _bytecode(self, repeats: list[RObject | None]) -> RObject:
        self._item()  # the instructions: numbers without words
        found = RObject(BYTECODE, [])
        self._open.append(found)
        for _ in range(self._in.length()):
            kind = self._in.integer()
            if kind == BYTECODE:
                found.value.append(self._nested(repeats, None))
            elif kind in _CODE:
                found.value.append(self._nested(repeats, kind))
            else:
                found.value.append(self._item())
        self._open.pop()
        return found

    def _nested(self, repeats: list[RObject | None], kind: int | None) -> RObject:
        self._depth += 1
        if self._depth > _MOST_DEPTH:
            raise TooDeep
        try:
            return self._bytecode(repeats) if kind is None else self._code(repeats, kind)
        finally:
            self._depth -= 1

    def _code(self, repeats: list[RObject | None], kind: int) -> RObject:
        """The source of compiled code, which may refer to what came before."""
        if kind == _REPEATED:
            known = repeats[self._in.integer()]
            if known is None:
                raise Damaged("a wrong reference")
            return known
        found = RObject(CALL, [])
        self._open.append(found)
        while kind in (_REPEATS, PAIRS, CALL, _ATTR_LIST, _ATTR_CALL):
            if kind == _REPEATS:
                repeats[self._in.integer()] = (
                    found if not found.value else RObject(CALL, found.value)
                )
                kind = self._in.integer()
            if kind in (_ATTR_LIST, _ATTR_CALL):
                found.value += self._attributes().values()
            tag = self._item()
            if tag.kind != NIL:
                found.value.append(tag)
            head = self._in.integer()
            found.value.append(self._nested(repeats, head) if head in _CODE else self._item())
            kind = self._in.integer()
        if kind == _REPEATED:
            found.value.append(self._nested(repeats, kind))
        else:
            last = self._item()
            if last.kind != NIL:
                found.value.append(last)
        self._open.pop()
        return found


ALTREP = _ALTREP
