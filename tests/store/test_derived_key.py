"""Keys for other purposes: each its own, none without the key file, and none from one that others read."""

from __future__ import annotations

from pathlib import Path

from gateway.store.key import derived_key, load_key, make_key


def test_each_purpose_has_a_key_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "gateway.key"
    make_key(path)
    keys = {load_key(path), derived_key(path, "compiled-lists"), derived_key(path, "another")}
    assert len(keys) == 3 and None not in keys
    assert derived_key(path, "another") in keys


def test_without_a_key_that_is_ours_alone_there_is_none(tmp_path: Path) -> None:
    path = tmp_path / "gateway.key"
    assert derived_key(path, "compiled-lists") is None
    make_key(path)
    path.chmod(0o644)
    assert derived_key(path, "compiled-lists") is None
