"""rules/policy/*.yaml -> Rulebook: loads whole or not at all, and every rule proves itself."""

from gateway.rulebook.load import load_rulebook
from gateway.rulebook.prove import Proof, prove

__all__ = ["Proof", "load_rulebook", "prove"]
