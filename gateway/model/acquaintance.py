"""Who has been in touch with whom: the people of an earlier message, and a sender's habits.

Facts for rules and notices, never a permission: what is not known is None, and nothing follows
from it. Addresses are normalised (`model.address`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, Sequence

from gateway.model.person_name import Name


@dataclass(frozen=True, slots=True)
class Participants:
    """Whom the header of an earlier message names, as it is quoted in this one.

    `names` are those who are shown without an address. `complete` is whether it says who received
    that message: "X wrote:" names its author alone, "and 3 others" nobody.
    """

    addresses: frozenset[str] = frozenset()
    names: frozenset[Name] = frozenset()
    complete: bool = True

    @property
    def count(self) -> int:
        return len(self.addresses) + len(self.names)

    def with_those_of(self, other: Participants) -> Participants:
        """The same header once more, as another version of the text shows it."""
        return Participants(
            self.addresses | other.addresses,
            self.names | other.names,
            self.complete or other.complete,
        )


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """What is remembered of a sender when they send a message.

    `strangers` are the recipients that this sender has not written to before, `most` the most
    recipients of one message of theirs; None where nothing is remembered of them. `present` are
    those who were on the message that this one answers, out of `earlier` people; None where that
    message is not remembered.
    """

    strangers: frozenset[str] | None = None
    most: int | None = None
    present: frozenset[str] | None = None
    earlier: int = 0


NOTHING_KNOWN = Acquaintance()
ASKED_OF_HISTORY = frozenset(("first-ever", "unusually-many"))
"""The fields of rules that need a history whatever the message is."""


class History(Protocol):
    """A memory of who wrote to whom; one that forgets is no fault. Never raises."""

    def recall(self, sender: str, recipients: Sequence[str], answers: str) -> Acquaintance:
        """`answers` is the Message-ID of the message that this one answers, "" for none."""
        ...

    def remember(
        self, sender: str, recipients: Sequence[str], others: Sequence[str], message_id: str,
        at: datetime,
    ) -> None:  # fmt: skip
        """A message that went to `recipients` and names `others` in its header."""
        ...
