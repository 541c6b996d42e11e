"""The department's knowledge: releases, their lists of people, exclusions, classes of domains.

Read from YAML that people write; whole or not at all, every fault with its place.
"""

from gateway.releases.concerns import concerns
from gateway.releases.laws import LawFiles
from gateway.releases.register import load_register

__all__ = ["LawFiles", "concerns", "load_register"]
