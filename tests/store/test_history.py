"""The memory of who wrote to whom: digests only, shared, forgetful, and never in anybody's way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import pytest

from gateway.model.acquaintance import NOTHING_KNOWN, Acquaintance
from gateway.store.history import LocalHistory, open_history

KEY = bytes(range(32))
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KEEP = timedelta(days=180)
A, B, C, D = (f"{name}@dept.example" for name in ("ada", "ben", "cyd", "dot"))
Make = Callable[..., LocalHistory]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[LocalHistory] = []

    def opened(key: bytes = KEY, keep: timedelta = KEEP) -> LocalHistory:
        made.append(LocalHistory(tmp_path / "history.sqlite", key, keep, lambda _: None))
        return made[-1]

    yield opened
    for history in made:
        history.close()


def sent(
    history: LocalHistory, sender: str, *to: str, id: str = "", others: tuple[str, ...] = (),
    at: datetime = AT,
) -> None:  # fmt: skip
    history.remember(sender, to, others, id, at)
    history.flush()


def test_nothing_is_known_of_somebody_who_has_not_written_yet(make: Make) -> None:
    assert make().recall(A, (B,), "<1@x>") == NOTHING_KNOWN


def test_who_has_been_written_to_is_no_stranger_and_others_are(make: Make) -> None:
    history = make()
    sent(history, A, B, C)
    known = history.recall(A, (B, D), "")
    assert (known.strangers, known.most) == (frozenset({D}), 2)
    assert history.recall(B, (A,), "") == NOTHING_KNOWN


def test_the_most_recipients_of_one_message_are_remembered(make: Make) -> None:
    history = make()
    sent(history, A, *(f"p{n}@dept.example" for n in range(12)))
    sent(history, A, B)
    assert history.recall(A, (), "").most == 12


def test_who_was_on_a_message_is_known_by_its_id(make: Make) -> None:
    history = make()
    sent(history, A, B, id="<1@x>", others=(C, B))
    known = history.recall(B, (A, C, D), "<1@x>")
    assert (known.present, known.earlier) == (frozenset({A, C}), 3)
    assert history.recall(B, (A,), "<2@x>").present is None


def test_a_message_that_came_in_pieces_had_all_of_their_recipients(make: Make) -> None:
    history = make()
    sent(history, A, B, id="<1@x>")
    sent(history, A, C, id="<1@x>")
    assert history.recall(B, (A, B, C), "<1@x>") == Acquaintance(
        None, None, frozenset({A, B, C}), 3
    )


def test_processes_share_one_memory(make: Make) -> None:
    one, other = make(), make()
    sent(one, A, B)
    assert other.recall(A, (B,), "").strangers == frozenset()


def test_another_key_remembers_nothing(make: Make) -> None:
    sent(make(), A, B, id="<1@x>")
    assert make(key=bytes(32)).recall(A, (B,), "<1@x>") == NOTHING_KNOWN


def test_no_address_and_no_id_can_be_read_in_the_file(make: Make, tmp_path: Path) -> None:
    sent(make(), A, B, id="<secret-id@x>", others=(C,))
    raw = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert raw and not any(word in raw for word in (b"ada", b"dept.example", b"secret-id"))
    assert all(file.stat().st_mode & 0o077 == 0 for file in tmp_path.iterdir())


def test_what_is_older_than_is_kept_is_forgotten(make: Make) -> None:
    history = make(keep=timedelta(days=60))
    sent(history, A, B, id="<1@x>")
    sent(history, C, D, at=AT + timedelta(days=31))
    known = history.recall(A, (B,), "<1@x>")
    assert known.present is None and known.strangers == frozenset()
    sent(history, C, D, at=AT + timedelta(days=100))
    assert history.recall(A, (B,), "") == NOTHING_KNOWN


def test_a_damaged_file_is_said_once_and_nothing_is_known(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(KEY)
    (tmp_path / "key").chmod(0o600)
    (tmp_path / "history.sqlite").write_bytes(b"no database at all" * 400)
    said: list[str] = []
    assert open_history(tmp_path / "history.sqlite", tmp_path / "key", 86400.0, said.append) is None
    assert open_history(tmp_path / "h.sqlite", tmp_path / "no key", 86400.0, said.append) is None
    assert len(said) == 2


def test_a_file_that_breaks_later_costs_memory_and_no_mail(tmp_path: Path) -> None:
    said: list[str] = []
    path = tmp_path / "history.sqlite"
    history = LocalHistory(path, KEY, KEEP, said.append)
    for file in tmp_path.iterdir():
        file.unlink()
    path.mkdir()
    for _ in range(3):
        sent(history, A, B)
        history.recall(A, (B,), "<1@x>")
    history.close()
    assert len(said) == 1


def test_asking_about_a_few_recipients_takes_microseconds(make: Make) -> None:
    history = make()
    for number in range(2000):
        history.remember(A, (f"p{number}@dept.example",), (), f"<{number}@x>", AT)
    history.flush()
    asked = tuple(f"p{number}@dept.example" for number in (1, 5000, 3))
    rounds = []
    for _ in range(200):
        started = perf_counter()
        history.recall(A, asked, "<7@x>")
        rounds.append(perf_counter() - started)
    assert sorted(rounds)[100] < 0.0005
