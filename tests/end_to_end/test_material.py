"""Registered material through the whole gateway: recognised, out of reach, and over."""

from __future__ import annotations

import io
import signal
import smtplib
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from end_to_end.letters import XLSX, mail
from end_to_end.material import (
    BRIEF,
    COLLEAGUE,
    EVENING,
    EXCERPT,
    INSTANT,
    LISTED,
    OFFICER,
    SENDER,
    STRANGER,
    configured,
    held,
    material,
    on_its_loop,
    register,
    send,
    settle,
)  # fmt: skip
from support.gateway import InThread, SetClock, running_command
from support.sink import Sink

from gateway.app import open_store
from gateway.config_reading import load_config


@pytest.fixture
def config_file(tmp_path: Path, sink: Sink) -> Path:
    return configured(tmp_path, sink.port)


@pytest.fixture
def running(config_file: Path) -> Iterator[InThread]:
    with InThread(load_config(config_file), SetClock(EVENING)) as running:
        yield running


def delivered(sink: Sink) -> set[str]:
    return {address for d in sink.deliveries if SENDER in d.mail for address in d.addresses}


def test_pasted_sentences_are_held_for_who_is_not_on_the_list(
    running: InThread, config_file: Path, sink: Sink
) -> None:
    assert send(running, EXCERPT, COLLEAGUE).startswith("250 2.0.0 ok")
    register(running, config_file)
    send(running, EXCERPT, LISTED, COLLEAGUE)
    assert held(running) == {COLLEAGUE: ("material-off-list",)}


def test_what_is_removed_is_no_longer_recognised(running: InThread, config_file: Path) -> None:
    register(running, config_file)
    material(config_file, "remove", "harbours-2037")
    settle(running)
    send(running, EXCERPT, COLLEAGUE)
    assert held(running) == {}


def test_at_the_instant_material_is_forgotten_and_what_it_held_goes_out(
    running: InThread, config_file: Path, sink: Sink
) -> None:
    register(running, config_file)
    send(running, EXCERPT, COLLEAGUE)
    running.clock.at = INSTANT - timedelta(seconds=1)
    settle(running)
    assert COLLEAGUE in held(running)
    assert "brief.txt" in material(config_file, "list")
    running.clock.at = INSTANT
    settle(running)
    assert held(running) == {}
    assert "nothing is registered" in material(config_file, "list")
    running.deliver_stored()
    assert delivered(sink) == {COLLEAGUE}
    notice = b"".join(d.content for d in sink.deliveries if d.addresses == [SENDER])
    assert b"it goes out by itself" in b" ".join(notice.replace(b"=\r\n", b"").split())
    (entry,) = [
        e for e in running.store.audit_entries("release:harbours-2037")
        if e.action == "material purged"
    ]  # fmt: skip
    assert entry.actor == "gateway"
    settle(running)
    running.deliver_stored()
    copies = [d for d in sink.deliveries if COLLEAGUE in d.addresses and SENDER in d.mail]
    assert len(copies) == 1


def test_material_of_a_release_that_slipped_stays(running: InThread, config_file: Path) -> None:
    register(running, config_file)
    send(running, EXCERPT, COLLEAGUE)
    file = config_file.parent / "lists/harbours-2037.yaml"
    file.write_text(file.read_text().replace("2037-03-25T", "2037-04-02T"))
    running.clock.at = INSTANT + timedelta(minutes=1)
    settle(running)
    assert COLLEAGUE in held(running)
    assert "brief.txt" in material(config_file, "list")


def test_lists_that_do_not_load_end_no_embargo(running: InThread, config_file: Path) -> None:
    register(running, config_file)
    send(running, EXCERPT, COLLEAGUE)
    (config_file.parent / "lists/harbours-2037.yaml").write_text("release: [")
    running.clock.at = INSTANT
    on_its_loop(running, running.keeper.material.tick())
    assert COLLEAGUE in held(running)
    assert "brief.txt" in material(config_file, "list")


def test_who_is_held_for_another_reason_too_waits_for_somebody(
    running: InThread, config_file: Path
) -> None:
    register(running, config_file)
    notice = "RESTRICTED UNTIL PUBLISHED AT 9:30AM ON WEDNESDAY 25 MARCH 2037"
    send(running, f"{notice}\n\n{EXCERPT}", COLLEAGUE)
    (reasons,) = held(running).values()
    assert len(reasons) > 1
    running.clock.at = INSTANT
    settle(running)
    assert COLLEAGUE in held(running)


def test_what_two_releases_share_is_held_until_both_are_out(
    running: InThread, config_file: Path
) -> None:
    register(running, config_file)
    register(running, config_file, "ferries-2037")
    send(running, EXCERPT, COLLEAGUE)
    running.clock.at = INSTANT
    settle(running)
    assert COLLEAGUE in held(running)
    running.clock.at = INSTANT + timedelta(days=6)
    settle(running)
    assert held(running) == {}


# -- out of reach -----------------------------------------------------------------------------


@pytest.fixture
def keyless(running: InThread, config_file: Path) -> InThread:
    register(running, config_file)
    key = config_file.parent / "store/material.key"
    key.rename(key.with_name("elsewhere"))
    settle(running)
    return running


def put_back(running: InThread, config_file: Path) -> None:
    key = config_file.parent / "store/material.key"
    key.with_name("elsewhere").rename(key)
    settle(running)


UNAVAILABLE = ("material-unavailable",)


def test_without_its_key_what_may_be_material_waits(keyless: InThread) -> None:
    send(keyless, "See: 48,213 and 12.4% and 907.5 in all.", LISTED, COLLEAGUE, STRANGER)
    assert held(keyless) == {COLLEAGUE: UNAVAILABLE, STRANGER: UNAVAILABLE}


def test_without_its_key_letters_go_on(keyless: InThread, sink: Sink) -> None:
    assert send(keyless, "Shall we meet at 14:30 on Tuesday?", STRANGER) == "250 2.0.0 ok"
    assert held(keyless) == {}


def test_without_its_key_a_document_waits(keyless: InThread, config_file: Path) -> None:
    book = io.BytesIO()
    with xlsxwriter.Workbook(book) as workbook:
        workbook.add_worksheet().write("A1", "agenda")
    content = mail(SENDER, [STRANGER], "Agenda", "Here it is.", keyless.clock.at,
                   attachments=[("agenda.xlsx", book.getvalue(), XLSX)])  # fmt: skip
    keyless.send(SENDER, [STRANGER], content)
    assert held(keyless) == {STRANGER: UNAVAILABLE}


def test_what_waited_for_the_key_goes_out_once_it_is_back(
    keyless: InThread, config_file: Path, sink: Sink
) -> None:
    send(keyless, "See: 48,213 and 12.4% and 907.5 in all.", STRANGER)
    send(keyless, f"{EXCERPT} (48,213; 12.4%; 907.5)", COLLEAGUE)
    put_back(keyless, config_file)
    assert set(held(keyless)) == {COLLEAGUE}
    keyless.deliver_stored()
    assert STRANGER in delivered(sink)


def test_the_officer_is_told_once_and_nothing_of_the_contents(
    keyless: InThread, config_file: Path, sink: Sink
) -> None:
    settle(keyless)
    keyless.deliver_stored()
    (letter,) = [d for d in sink.deliveries if OFFICER in d.addresses]
    assert b"harbours-2037" in letter.content and b"basin" not in letter.content
    put_back(keyless, config_file)
    actions = [entry.action for entry in keyless.store.audit_entries("material")]
    assert actions == ["material unavailable", "material available again"]


def test_nobody_waits_where_no_release_with_material_is_near(keyless: InThread, sink: Sink) -> None:
    keyless.clock.at = EVENING - timedelta(days=30)
    sent = send(keyless, "See: 48,213 and 12.4% and 907.5 in all.", STRANGER)
    assert sent == "250 2.0.0 ok"


# -- in files, and in the command ---------------------------------------------------------------


def workbook(text: str) -> bytes:
    book = io.BytesIO()
    with xlsxwriter.Workbook(book) as file:
        sheet = file.add_worksheet("Notes")
        sheet.write("A1", "Notes of the week")
        sheet.write("B3", text)
    return book.getvalue()


def test_a_confined_reader_recognises_it_inside_a_file(
    running: InThread, config_file: Path
) -> None:
    register(running, config_file)
    content = mail(SENDER, [COLLEAGUE], "Notes", "Attached.", running.clock.at,
                   attachments=[("notes.xlsx", workbook(EXCERPT), XLSX)])  # fmt: skip
    running.send(SENDER, [COLLEAGUE], content)
    assert held(running) == {COLLEAGUE: ("material-off-list",)}


def test_a_sender_who_may_not_have_it_hears_neither_words_nor_names_of_documents(
    running: InThread, config_file: Path, sink: Sink
) -> None:
    register(running, config_file)
    content = mail(COLLEAGUE, [STRANGER], "Question", EXCERPT, running.clock.at)
    running.send(COLLEAGUE, [STRANGER], content)
    running.deliver_stored()
    letters = [d.content for d in sink.deliveries if d.mail.startswith("MAIL FROM:<>")]
    assert letters
    for letter in letters:
        assert b"basin" not in letter and b"brief.txt" not in letter


def test_a_running_gateway_takes_over_what_a_command_registers_and_forgets_it_at_the_lift(
    config_file: Path, sink: Sink, tmp_path: Path
) -> None:
    with running_command(config_file, tmp_path / "log") as command:

        def hold(subject: str) -> bool:
            content = mail(SENDER, [COLLEAGUE], subject, EXCERPT, datetime.now(UTC))
            with smtplib.SMTP("127.0.0.1", command.config.receive.port, timeout=60) as client:
                client.sendmail(SENDER, [COLLEAGUE], content)
            store = open_store(command.config)
            try:
                return bool(store.holds())
            finally:
                store.close()

        assert not hold("before")
        (tmp_path / "brief.txt").write_text(BRIEF)
        material(config_file, "add", "harbours-2037", str(tmp_path / "brief.txt"))
        wait_until(lambda: hold("after"), command.log)
        lists = config_file.parent / "lists/harbours-2037.yaml"
        lists.write_text(lists.read_text().replace("2037-03-25", "2017-03-25"))
        command.process.send_signal(signal.SIGHUP)  # type: ignore[union-attr]
        forgotten = "nothing is registered"
        wait_until(lambda: forgotten in material(config_file, "list"), command.log)
        sink.wait_for(2)


def wait_until(true: Callable[[], bool], explain: Callable[[], str]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline, explain()
        threading.Event().wait(0.2)
