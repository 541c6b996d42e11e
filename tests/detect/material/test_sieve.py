"""What is registered always passes; nearly all else is told apart without a look-up."""

from __future__ import annotations

import numpy as np
import pytest

from gateway.detect.material.sieve import Sieve


@pytest.mark.parametrize("count", [0, 1, 1000, 600_000])
def test_what_is_registered_passes_and_little_else(count: int) -> None:
    numbers = np.random.default_rng(count)
    registered = np.sort(numbers.integers(0, 2**64, count, np.uint64))
    sieve = Sieve(registered)
    assert sieve.passes(registered).all()
    assert sieve.passes(numbers.integers(0, 2**64, 50_000, np.uint64)).mean() < 0.15
