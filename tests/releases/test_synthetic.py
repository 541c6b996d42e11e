"""Only a file's registered bytes say that it is dummy data, and only for so long."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Callable

from gateway.model.fault import Fault
from gateway.model.file_digest import FileDigest
from gateway.model.register import Register

DIGEST = "0a" * 32
ENTRY = f"""\
    synthetic:
      - {{sha256: "{DIGEST}", title: Invented firms, owner: lab@dept.example, expires: 2027-03-31}}
    """


def test_an_entry_counts_until_the_end_of_its_last_day(load: Callable[..., Register]) -> None:
    register = load(_synthetic=ENTRY)
    # 31 March 2027 is summer time in London: midnight is 23:00 in UTC.
    assert register.synthetic_files(FileDigest(DIGEST), datetime(2027, 3, 31, 22, 59, tzinfo=UTC))
    assert not register.synthetic_files(
        FileDigest(DIGEST), datetime(2027, 3, 31, 23, 0, tzinfo=UTC)
    )


def test_other_bytes_are_not_synthetic(load: Callable[..., Register]) -> None:
    register = load(_synthetic=ENTRY)
    assert not register.synthetic_files(FileDigest("0b" * 32), datetime(2026, 1, 1, tzinfo=UTC))


def test_a_digest_may_be_written_in_capitals(load: Callable[..., Register]) -> None:
    register = load(_synthetic=ENTRY.replace(DIGEST, DIGEST.upper()))
    assert register.synthetic_files(FileDigest(DIGEST), datetime(2026, 1, 1, tzinfo=UTC))


def test_every_fault_of_an_entry_is_said(faults: Callable[..., list[Fault]]) -> None:
    found = faults(
        _synthetic="""\
        synthetic:
          - {sha256: abc, title: Invented firms, owner: nobody, expires: soon}
          - {title: Without a digest, owner: lab@dept.example, expires: 2027-03-31}
        """
    )
    said = "\n".join(str(fault) for fault in found)
    assert all(key in said for key in ("sha256", "owner", "expires", "hexadecimal"))
    assert {fault.line for fault in found} == {2, 3}


def test_a_file_cannot_be_registered_twice(faults: Callable[..., list[Fault]]) -> None:
    line = ENTRY.splitlines()[1]
    [fault] = faults(_synthetic=f"{ENTRY.rstrip()}\n{line}\n")
    assert "there already" in str(fault)


def test_a_file_that_is_there_already_is_said_whatever_else_is_wrong(
    faults: Callable[..., list[Fault]],
) -> None:
    line = ENTRY.splitlines()[1]
    faulty = line.replace("expires: 2027-03-31", "expires: soon")
    said = [str(fault) for fault in faults(_synthetic=f"    synthetic:\n{faulty}\n{line}\n")]
    assert len(said) == 2 and any("there already" in each for each in said)


def test_an_archive_is_synthetic_as_long_as_every_file_in_it_is(
    load: Callable[..., Register],
) -> None:
    register = load(_synthetic=ENTRY)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    known, other = FileDigest(DIGEST), FileDigest("0b" * 32)
    inner = FileDigest("0c" * 32, (known,))
    assert register.synthetic_files(inner, now)
    assert register.synthetic_files(FileDigest("0d" * 32, (inner, known)), now)
    assert not register.synthetic_files(FileDigest("0d" * 32, (inner, other)), now)
    assert not register.synthetic_files(FileDigest("0d" * 32), now)
    assert not register.synthetic_files(inner, datetime(2028, 1, 1, tzinfo=UTC))
