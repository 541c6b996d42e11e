"""What a part says that only the register and the clock can judge, once for the whole message."""

from __future__ import annotations

from typing import Union

from gateway.model.indication import Hint
from gateway.model.series import SeriesShown

Sign = Union[SeriesShown, Hint]


def may_change(sign: Sign) -> bool:
    """Whether the same contents, written on another day, would say something else."""
    return isinstance(sign, SeriesShown) and sign.relative
