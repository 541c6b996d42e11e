"""Packs that come by mail and by folder: registered for who may, and answered to nobody else."""

from __future__ import annotations

import email
import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from end_to_end.letters import mail
from end_to_end.material import (
    BRIEF,
    COLLEAGUE,
    EVENING,
    EXCERPT,
    INSTANT,
    OFFICER,
    PACKS,
    SENDER,
    configured,
    held,
    material,
    send,
    settle,
)  # fmt: skip
from support.gateway import InThread, SetClock
from support.sink import Sink

from gateway.config_reading import load_config

TEXT = ("application", "octet-stream")
PACK = [("Headlines for Kestrel.txt", BRIEF.encode(), TEXT)]


@pytest.fixture
def config_file(tmp_path: Path, sink: Sink) -> Path:
    (tmp_path / "packs").mkdir()
    return configured(tmp_path, sink.port, f"material: {{address: {PACKS}, watch: packs}}\n")


@pytest.fixture
def running(config_file: Path) -> Iterator[InThread]:
    with InThread(load_config(config_file), SetClock(EVENING)) as running:
        yield running


def send_pack(
    running: InThread, subject: str = "Pack for harbours-2037", to: str = PACKS,
    sender: str = SENDER, author: str = "", attachments=PACK,
) -> str:  # fmt: skip
    content = mail(author or sender, [to], subject, "As agreed.", running.clock.at, attachments)
    return running.send(sender, [to], content)


def answers(running: InThread, sink: Sink) -> list[tuple[list[str], str]]:
    """To whom the gateway wrote about packs, and its text."""
    settle(running)
    running.deliver_stored()
    found = []
    for delivery in sink.deliveries:
        letter = email.message_from_bytes(delivery.content)
        if OFFICER not in delivery.addresses and "egistered" in str(letter["Subject"]):
            assert delivery.mail.startswith("MAIL FROM:<>")
            text = letter.get_payload()[0].get_payload(decode=True).decode()
            found.append((delivery.addresses, f"{letter['Subject']}\n{text}"))
    return found


def recognised(running: InThread) -> bool:
    send(running, EXCERPT, COLLEAGUE)
    return COLLEAGUE in held(running)


@pytest.mark.parametrize(
    ("subject", "to"),
    [
        ("Pack for harbours-2037", PACKS),
        ("RE: [Harbours-2037], final", PACKS),
        ("The pack", "material+harbours-2037@gateway.dept.example"),
    ],
)
def test_a_pack_by_mail_is_registered_and_its_sender_answered(
    running: InThread, config_file: Path, sink: Sink, subject: str, to: str
) -> None:
    assert send_pack(running, subject, to).startswith("250")
    ((whom, text),) = answers(running, sink)
    assert whom == [SENDER]
    assert "harbours-2037" in text and "attachment 1" in text
    assert "Headlines" not in text and "basin" not in text
    assert "Headlines for Kestrel.txt" in material(config_file, "list", "harbours-2037")
    assert recognised(running)


def test_the_pack_itself_is_relayed_to_nobody(running: InThread, sink: Sink) -> None:
    send_pack(running)
    settle(running)
    running.deliver_stored()
    assert not any(b"basin" in delivery.content for delivery in sink.deliveries)


def test_what_was_not_read_is_told(running: InThread, sink: Sink) -> None:
    broken = ("secret tables.xlsx", b"PK\x03\x04 no workbook", TEXT)
    archive = [*PACK, broken]
    send_pack(running, attachments=archive)
    ((_, text),) = answers(running, sink)
    assert "Not registered" in text and "attachment 2" in text and "secret" not in text


@pytest.mark.parametrize(
    ("sender", "author"),
    [
        (COLLEAGUE, COLLEAGUE),
        ("j.marsh@dept.example", "j.marsh@dept.example"),
        (SENDER, COLLEAGUE),
        (COLLEAGUE, SENDER),
    ],
)
def test_only_those_who_make_the_release_register_anything(
    running: InThread, config_file: Path, sink: Sink, sender: str, author: str
) -> None:
    send_pack(running, sender=sender, author=author)
    ((whom, text),) = answers(running, sink)
    assert whom == [sender] and "you are not among those who make this release" in text
    assert "nothing is registered" in material(config_file, "list")


@pytest.mark.parametrize(
    ("subject", "why"),
    [
        ("The pack", "the id of no release"),
        ("harbours-2037 and ferries-2037", "the ids of several releases"),
    ],
)
def test_a_subject_that_names_no_single_release_is_answered(
    running: InThread, sink: Sink, subject: str, why: str
) -> None:
    send_pack(running, subject)
    ((_, text),) = answers(running, sink)
    assert why in text


def test_a_pack_that_comes_after_publication_is_refused(running: InThread, sink: Sink) -> None:
    running.clock.at = INSTANT
    send_pack(running)
    ((_, text),) = answers(running, sink)
    assert "its embargo is over" in text


def test_machines_are_not_answered(running: InThread, config_file: Path, sink: Sink) -> None:
    message: EmailMessage = email.message_from_bytes(
        mail(SENDER, [PACKS], "harbours-2037", "x", EVENING, PACK), policy=email.policy.SMTP
    )
    message["Auto-Submitted"] = "auto-generated"
    running.send(SENDER, [PACKS], message.as_bytes())
    assert answers(running, sink) == []
    assert "Headlines" in material(config_file, "list")


def test_packs_come_by_themselves_and_from_somebody(running: InThread) -> None:
    with smtplib.SMTP("127.0.0.1", running.port, timeout=60) as client:
        client.ehlo("client.dept.example")
        client.mail(SENDER)
        assert client.rcpt(COLLEAGUE)[0] == 250
        assert client.rcpt(PACKS)[0] == 452
        client.rset()
        client.mail(SENDER)
        assert client.rcpt(PACKS)[0] == 250
        assert client.rcpt(COLLEAGUE)[0] == 452
        client.rset()
        client.mail("")
        assert client.rcpt(PACKS)[0] == 550


def test_a_pack_that_waits_is_sealed_and_survives_a_restart(config_file: Path, sink: Sink) -> None:
    config = load_config(config_file)
    with InThread(config, SetClock(EVENING)) as running:
        send_pack(running)
    waiting = list((config_file.parent / "store/material-inbox").iterdir())
    assert waiting and all(b"basin" not in path.read_bytes() for path in waiting)
    with InThread(config, SetClock(EVENING)) as running:
        assert len(answers(running, sink)) == 1
        assert recognised(running)
    assert not list((config_file.parent / "store/material-inbox").iterdir())


def test_a_pack_waits_while_the_key_is_missing(
    running: InThread, config_file: Path, sink: Sink
) -> None:
    send_pack(running)
    settle(running)
    key = config_file.parent / "store/material.key"
    key.rename(key.with_name("elsewhere"))
    settle(running)
    send_pack(running, "ferries-2037")
    settle(running)
    key.with_name("elsewhere").rename(key)
    settle(running)
    assert len(answers(running, sink)) == 2
    assert "ferries-2037" in material(config_file, "list")


# -- the folder -------------------------------------------------------------------------------


@pytest.fixture
def packs(config_file: Path) -> Path:
    return config_file.parent / "packs"


def look_twice(running: InThread) -> None:
    settle(running)
    settle(running)


@pytest.mark.parametrize("name", ["harbours-2037/brief.txt", "harbours-2037-brief.txt"])
def test_a_file_in_the_folder_is_registered_and_put_aside(
    running: InThread, config_file: Path, packs: Path, name: str
) -> None:
    (packs / name).parent.mkdir(exist_ok=True)
    (packs / name).write_text(BRIEF)
    look_twice(running)
    assert "brief.txt" in material(config_file, "list", "harbours-2037")
    assert not (packs / name).exists()
    assert len(list((packs / "done").iterdir())) == 1
    assert recognised(running)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("harbours-2038/brief.txt", BRIEF, "there is no release harbours-2038"),
        ("brief.txt", BRIEF, "there is no release brief.txt"),
        ("harbours-2037/empty.txt", "", "the file is empty"),
    ],
)
def test_a_file_that_is_not_registered_is_put_aside_with_the_reason(
    running: InThread, config_file: Path, packs: Path, name: str, content: str, why: str
) -> None:
    (packs / name).parent.mkdir(exist_ok=True)
    (packs / name).write_text(content)
    look_twice(running)
    (reason,) = (packs / "failed").glob("*.txt.txt")
    assert why in reason.read_text()
    assert "nothing is registered" in material(config_file, "list")
    look_twice(running)
    assert len(list((packs / "failed").iterdir())) == 2


def test_a_file_that_is_still_being_written_is_left(
    running: InThread, config_file: Path, packs: Path
) -> None:
    file = packs / "harbours-2037-brief.txt"
    file.write_text(BRIEF[:40])
    settle(running)
    file.write_text(BRIEF)
    settle(running)
    assert file.exists()
    settle(running)
    assert not file.exists()


def test_links_are_not_followed(running: InThread, packs: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.txt").write_text(BRIEF)
    (packs / "harbours-2037-link.txt").symlink_to(tmp_path / "elsewhere.txt")
    look_twice(running)
    assert (tmp_path / "elsewhere.txt").exists() and not (packs / "done").exists()
