"""Who may authenticate is a file that loads whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.model.fault import Faults
from gateway.receive.users import hash_password, load_users

GOOD = hash_password(b"tall ship", b"16 bytes of salt", n=1024)


def write(folder: Path, text: str) -> Path:
    path = folder / "users"
    path.write_text(text)
    return path


def test_only_the_right_password_of_a_known_user_verifies(tmp_path: Path) -> None:
    users = load_users(write(tmp_path, f"# staff\n\nclerk:{GOOD}\n"))
    assert users.verify("clerk", b"tall ship")
    assert not users.verify("clerk", b"tall shi")
    assert not users.verify("Clerk", b"tall ship")
    assert not users.verify("nobody", b"tall ship")
    assert not users.verify("", b"")


def test_every_bad_line_is_named_with_its_number(tmp_path: Path) -> None:
    lines = [
        f"clerk:{GOOD}", "plain:secret", f"clerk:{GOOD}", "x:scrypt$1000$8$1$AAAA$AAAA", f":{GOOD}",
        "y:scrypt$1073741824$8$1$" + GOOD.split("$", 4)[4], f"z:{GOOD}x!",
    ]  # fmt: skip
    with pytest.raises(Faults) as caught:
        load_users(write(tmp_path, "\n".join(lines)))
    assert [fault.line for fault in caught.value.faults] == [2, 3, 4, 5, 6, 7]
    assert "secret" not in str(caught.value)


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(Faults):
        load_users(tmp_path / "absent")


def test_secrets_do_not_show(tmp_path: Path) -> None:
    assert GOOD.split("$")[-1] not in repr(load_users(write(tmp_path, f"clerk:{GOOD}\n")))
