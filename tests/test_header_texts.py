"""What people write beside addresses is text like any other; addresses are not."""

from __future__ import annotations

import pytest

from gateway.extract.mail.header_texts import header_texts
from gateway.model.limits import ParseLimits
from gateway.parse import parse_message


@pytest.mark.parametrize("field", ["From", "To", "Cc", "Reply-To", "Sender"])
def test_display_names_are_read_and_addresses_are_not(field: str) -> None:
    raw = f'{field}: "Embargoed until noon" <a@dept.example>, b@dept.example\r\n\r\nx'
    [text] = header_texts(parse_message(raw.encode(), ParseLimits()).headers)
    assert "Embargoed until noon" in text.text and "@" not in text.text
    assert text.location.where == f"header {field}"


def test_bare_addresses_cost_nothing() -> None:
    raw = b"From: <a@dept.example>\r\nTo: a@dept.example, b@dept.example\r\n\r\nx"
    assert not header_texts(parse_message(raw, ParseLimits()).headers)
