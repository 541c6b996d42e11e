"""Registers packs that came by mail, and answers whoever sent them; nobody else hears of it.

Who may: the production team, the quality assurers, the contacts and the Head of Profession of that
very release, by envelope sender and From alike. The answer quotes nothing, not even a file's name.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.act.composition import (
    Block,
    Reference,
    bullets,
    can_be_written_to,
    compose,
    paragraph,
    read_reference,
    shown,
)  # fmt: skip
from gateway.act.hold import Telling
from gateway.act.material_inbox import MaterialInbox, Parcel
from gateway.act.material_register import MaterialRegister, Pack
from gateway.config import Config
from gateway.decide.roster import standing
from gateway.detect.address_list import address_in
from gateway.model.address import normalise_address
from gateway.model.held import Mail
from gateway.model.message import Gap, Message
from gateway.model.register import Register
from gateway.model.release import Release
from gateway.parse import parse_message
from gateway.releases.material.document import Registered
from gateway.releases.material.unavailable import NotRegistered
from gateway.store import Store

_WORD = re.compile(r"[\w][\w.-]*")
_SHOWN = 12
_NUMBERED = ("page ", "slide ", "row ", "sentence ")


class MaterialMail:
    """Works off the inbox; what cannot be registered now, for want of the key, stays there."""

    def __init__(
        self, config: Config, store: Store, inbox: MaterialInbox, telling: Telling, log: Any
    ) -> None:  # fmt: skip
        self._config = config
        self._store = store
        self._inbox = inbox
        self._telling = telling
        self._log = log

    async def __call__(self, kept: MaterialRegister, register: Register, now: datetime) -> None:
        """Raises MaterialUnavailable and StoreError; what was not worked off waits."""
        for id in await asyncio.to_thread(self._inbox.waiting):
            parcel = await asyncio.to_thread(self._inbox.get, id)
            answer = await self._register(kept, register, parcel, now)
            mail = self._mail(answer, parcel, id, now)
            if mail is not None:
                await asyncio.to_thread(self._store.add_mails, [mail], now)
            self._log.info("pack worked off", id=id, registered=len(answer.added))
            await asyncio.to_thread(self._inbox.drop, id)

    async def _register(
        self, kept: MaterialRegister, register: Register, parcel: Parcel, now: datetime
    ) -> _Answer:
        message = await asyncio.to_thread(parse_message, parcel.content, self._config.limits.parse)
        try:
            release = _release(message, parcel.recipient, register)
            _check_sender(message, parcel.sender, release, register, now)
            pack = Pack(release.id, tuple(_files(message)), normalise_address(parcel.sender))
            try:
                added = await kept.add(pack, register, now)
            except NotRegistered as refused:
                raise NotRegistered(*_unnamed(refused.reasons, pack.files)) from None
        except NotRegistered as refused:
            return _Answer(refused.reasons)
        return _Answer((), release, added, message.gaps)

    def _mail(self, answer: _Answer, parcel: Parcel, id: str, now: datetime) -> Mail | None:
        """None where nobody reads it."""
        reference: Reference = read_reference(parcel.content)
        if reference.automatic or not can_be_written_to(parcel.sender):
            return None
        notices, department = self._telling.notices, self._telling.department
        if answer.release is not None:
            subject = f"Registered: material of {answer.release.id}"
        else:
            subject = "Not registered: the pack that you sent"
        return compose(
            "notice", [parcel.sender], subject, list(answer.blocks()), sender=notices.sender,
            sender_name=department.name, hostname=department.hostname, now=now, about=id,
            reply_to=reference.message_id, answers=True,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came of a pack: `refused` says why it was not registered."""

    refused: tuple[str, ...]
    release: Release | None = None
    added: tuple[Registered, ...] = ()
    gaps: tuple[Gap, ...] = ()

    def blocks(self) -> Iterator[Block]:
        if self.release is None:
            yield paragraph("The pack that you sent was not registered; nothing has changed:")
            yield bullets([shown(reason, 400) for reason in self.refused])
            yield paragraph("Mend this and send it again, or ask whoever runs the gateway.")
            return
        yield paragraph(
            f"Your pack was registered for {shown(self.release.title)} ({self.release.id}). Its text"
            " and figures are recognised in messages until the release is out, and then forgotten."
        )
        yield bullets(
            [
                f"attachment {number}: {one.words} words, {one.figures} figures"
                for number, one in enumerate(self.added, 1)
            ]
        )
        unread = [
            f"attachment {number}: {line}"
            for number, one in enumerate(self.added, 1)
            for line in _lines(one.gaps)
        ]
        unread += [f"the message: {line}" for line in _lines(self.gaps)]
        if unread:
            yield paragraph(
                "This could not be read and is not recognised. Send it in another form as well:"
            )
            yield bullets(unread)


def _lines(gaps: Sequence[Gap]) -> Iterator[str]:
    for gap in gaps[:_SHOWN]:
        where = gap.location.where if gap.location.where.startswith(_NUMBERED) else ""
        yield ", ".join(part for part in (where, gap.reason, shown(gap.detail)) if part)
    if len(gaps) > _SHOWN:
        yield f"{len(gaps) - _SHOWN} more"


def _release(message: Message, recipient: str, register: Register) -> Release:
    """The one that the address's tag or the subject names. Raises NotRegistered."""
    known = {id.casefold(): release for id, release in register.releases.items()}
    tag = normalise_address(recipient).rpartition("@")[0].partition("+")[2]
    if tag:
        if tag.casefold() in known:
            return known[tag.casefold()]
        raise NotRegistered("the address names a release that there is not")
    words = {word.casefold().rstrip(".-") for word in _WORD.findall(message.subject)}
    named = [known[word] for word in sorted(words & known.keys())]
    if len(named) == 1:
        return named[0]
    how = "the id of no release" if not named else "the ids of several releases"
    raise NotRegistered(f"the subject has {how}: write the id of the one that it belongs to")


def _check_sender(
    message: Message, sender: str, release: Release, register: Register, now: datetime
) -> None:
    """Raises NotRegistered unless both addresses are of people who make the release."""
    author = address_in(message.header("from") or "")
    named = map(normalise_address, (*release.contacts, release.head_of_profession))
    makers = {alias for one in named if one for alias in register.directory.aliases(one)}
    for address in (normalise_address(sender), normalise_address(author)):
        if address in makers:
            continue
        if standing(register, release, address, now).status != "production":
            raise NotRegistered(
                "you are not among those who make this release: its production team, its quality"
                " assurers, its contacts, its Head of Profession"
            )


def _files(message: Message) -> Iterator[tuple[str, bytes]]:
    """The attachments; of a message without any, its text."""
    attached = [part for part in message.parts if part.role == "attachment"]
    for number, part in enumerate(attached or message.parts, 1):
        if attached or part.role == "body":
            yield part.name or f"part {number}", part.content


def _unnamed(reasons: Sequence[str], files: Sequence[tuple[str, bytes]]) -> Iterator[str]:
    """The same reasons, with the number of an attachment for its name."""
    for reason in reasons:
        for number, (name, _) in enumerate(files, 1):
            if reason.startswith(f"{name}:"):
                reason = f"attachment {number}{reason[len(name) :]}"
                break
        yield reason
