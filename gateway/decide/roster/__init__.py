"""Who may have a release at an instant, and why: the semantics of lists (DOMAIN section 4)."""

from gateway.decide.roster.domain import domain_class
from gateway.decide.roster.standing import standing

__all__ = ["domain_class", "standing"]
