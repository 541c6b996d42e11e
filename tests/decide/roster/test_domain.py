"""What kind of place an address's domain is."""

from __future__ import annotations

from gateway.decide.roster import domain_class
from gateway.model.register import Register


def test_the_class_of_a_domain_is_that_of_its_nearest_listed_parent() -> None:
    register = Register(domains={"gov.example": "government", "press.gov.example": "media"})
    assert domain_class(register, "a@x.gov.example") == "government"
    assert domain_class(register, "a@x.PRESS.gov.example.") == "media"
    assert domain_class(register, "a@notgov.example") == "unknown"
    assert domain_class(register, "no address") == "unknown"
    assert domain_class(register, "a@x.dept.example", ["dept.example"]) == "internal"
