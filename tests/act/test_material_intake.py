"""The address for packs: 250 only once a pack is on disk, sealed; all other mail is the relay's."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog

from gateway.act.material_inbox import MaterialInbox, Parcel
from gateway.act.material_intake import MaterialIntake, for_material
from gateway.key_file import make_key
from gateway.model.reply import Reply
from gateway.model.session import Envelope, Recipient, Session
from gateway.store import StoreError

AT = datetime(2037, 3, 24, 20, 35, tzinfo=UTC)
PACKS, SENDER = "material@gateway.dept.example", "s.field@dept.example"
PACK = Parcel(SENDER, PACKS, AT, b"Subject: harbours-2037\r\n\r\nthe heron\r\n")


class Relayed:
    """A relay that takes everything and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def begin(self, session: Session, envelope: Envelope):
        return Reply(250, "2.1.0", "Ok"), self

    async def recipient(self, recipient: Recipient) -> Reply:
        self.asked.append(recipient.address)
        return Reply(250, "2.1.5", "Ok")

    async def commit(self, content: bytes) -> Reply:
        self.asked.append("commit")
        return Reply(250, "2.0.0", "relayed")

    async def abort(self) -> None:
        self.asked.append("abort")


@pytest.fixture
def inbox(tmp_path: Path) -> MaterialInbox:
    make_key(tmp_path / "gateway.key")
    return MaterialInbox(tmp_path / "inbox", tmp_path / "gateway.key")


@pytest.fixture
def relay() -> Relayed:
    return Relayed()


@pytest.fixture
def intake(relay: Relayed, inbox: MaterialInbox) -> MaterialIntake:
    return MaterialIntake(relay, PACKS, inbox, lambda: AT, lambda _: "1", structlog.get_logger())


async def begun(intake: MaterialIntake, sender: str = SENDER):
    reply, transaction = await intake.begin(Session("192.0.2.1"), Envelope(sender))
    assert reply.positive and transaction is not None
    return transaction


@pytest.mark.parametrize(
    ("address", "ours"),
    [
        (PACKS, True),
        ("Material@Gateway.Dept.Example", True),
        ("material+harbours-2037@gateway.dept.example", True),
        ("material@dept.example", False),
        ("materials@gateway.dept.example", False),
    ],
)
def test_the_address_counts_with_a_tag_and_without(address: str, ours: bool) -> None:
    assert for_material(PACKS, address) is ours


async def test_a_pack_is_kept_and_goes_no_further(
    intake: MaterialIntake, inbox: MaterialInbox, relay: Relayed
) -> None:
    transaction = await begun(intake)
    assert (await transaction.recipient(Recipient(PACKS))).positive
    assert (await transaction.commit(PACK.content)).code == 250
    assert inbox.get("1") == PACK
    assert relay.asked == ["abort"]


async def test_all_other_mail_is_the_relays(intake: MaterialIntake, relay: Relayed) -> None:
    transaction = await begun(intake)
    await transaction.recipient(Recipient("a.cole@dept.example"))
    assert (await transaction.commit(b"")).text == "relayed"
    assert relay.asked == ["a.cole@dept.example", "commit"]


async def test_a_pack_that_cannot_be_stored_is_not_taken(
    intake: MaterialIntake, tmp_path: Path, relay: Relayed
) -> None:
    (tmp_path / "inbox").write_text("no folder")
    transaction = await begun(intake)
    await transaction.recipient(Recipient(PACKS))
    assert (await transaction.commit(PACK.content)).code == 451
    (tmp_path / "gateway.key").unlink()
    assert (await transaction.commit(PACK.content)).code == 451


def test_what_waits_is_sealed_and_bound_to_its_number(inbox: MaterialInbox, tmp_path: Path) -> None:
    inbox.put("1", PACK)
    (file,) = (tmp_path / "inbox").iterdir()
    assert b"heron" not in file.read_bytes() and file.stat().st_mode & 0o077 == 0
    file.rename(file.with_name("2.mail"))
    with pytest.raises(StoreError):
        inbox.get("2")
