"""Digests under a key: the same for the same, and nothing without the key."""

from __future__ import annotations

import numpy as np
import pytest

from gateway.model.keyed import DIGEST, KeyedDigest

KEY, OTHER = b"k" * 32, b"o" * 32
PAIRS = np.arange(20, dtype=DIGEST).reshape(10, 2)


def test_a_text_has_the_same_digest_alone_and_among_others() -> None:
    keyed = KeyedDigest(KEY, "phrase")
    assert keyed.many([b"one", b"two"]).tolist() == [keyed(b"one"), keyed(b"two")]


def test_pairs_have_the_same_digests_in_any_company() -> None:
    keyed = KeyedDigest(KEY, "phrase")
    together = keyed.of_pairs(PAIRS).tolist()
    assert [int(keyed.of_pairs(PAIRS[n : n + 1])[0]) for n in range(10)] == together
    assert len(set(together)) == 10


def test_no_pairs_have_no_digests() -> None:
    assert not len(KeyedDigest(KEY, "phrase").of_pairs(PAIRS[:0]))


@pytest.mark.parametrize(("key", "purpose"), [(OTHER, "phrase"), (KEY, "figure")])
def test_another_key_or_purpose_has_no_digest_in_common(key: bytes, purpose: str) -> None:
    one, other = KeyedDigest(KEY, "phrase"), KeyedDigest(key, purpose)
    assert not set(one.of_pairs(PAIRS).tolist()) & set(other.of_pairs(PAIRS).tolist())
    assert one(b"words") != other(b"words")


@pytest.mark.parametrize("length", [0, 15, 65])
def test_a_key_that_is_too_short_or_too_long_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="16 to 64 bytes"):
        KeyedDigest(b"k" * length, "phrase")
