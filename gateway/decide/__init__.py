"""Findings + envelope + releases + rules + now -> Verdict. Pure; whatever goes wrong holds."""

from gateway.decide.policy import decide, prepare

__all__ = ["decide", "prepare"]
