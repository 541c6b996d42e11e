"""Reads the weights of the signals from the one file that holds them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Final, Mapping


@dataclass(frozen=True, slots=True)
class Weights:
    """`signals` are log-odds at full strength; a score of `microdata` or more is microdata, of
    `aggregate` or less is aggregate; `typed` bounds what a few added cells can take away."""

    bias: float
    microdata: float
    aggregate: float
    typed: float
    signals: Mapping[str, float]


def read_weights(text: str) -> Weights:
    """Weights from TOML text."""
    document = tomllib.loads(text)
    return Weights(
        float(document["bias"]),
        float(document["microdata"]),
        float(document["aggregate"]),
        float(document["typed"]),
        {name: float(value) for name, value in document["signals"].items()},
    )


# A constant of the program like any other, kept in a data file because a script writes it.
SHIPPED: Final = read_weights(
    resources.files(__package__).joinpath("weights.toml").read_text("utf-8")
)
