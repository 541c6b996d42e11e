"""Who resembles somebody on a list: suspicion and explanation, never permission."""

from gateway.decide.likeness.lookalikes import Lookalikes, near_misses
from gateway.decide.likeness.near_miss import NearMiss

__all__ = ["Lookalikes", "NearMiss", "near_misses"]
