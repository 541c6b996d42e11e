"""What a message shares with the registered material of releases: phrases and figures."""

from __future__ import annotations

from gateway.detect.material.conclude import conclude
from gateway.detect.material.matcher import MaterialMatcher

__all__ = ["MaterialMatcher", "conclude"]
