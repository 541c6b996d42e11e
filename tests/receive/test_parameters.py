"""Parameters are checked, and handed on in the client's own spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.xtext import decode_xtext, encode_xtext, is_xtext
from gateway.receive.parameters import mail_parameters, recipient_parameters
from gateway.receive.replies import BAD_PARAMETER, UNKNOWN_PARAMETER, Refused
from gateway.receive.xforward import neuter, parse_xforward


@given(st.text(min_size=1, max_size=40).filter(lambda text: text.isprintable()))
def test_xtext_comes_back_as_it_was(text: str) -> None:
    assert decode_xtext(encode_xtext(text)) == text


@given(st.text(max_size=40))
def test_only_xtext_is_decoded(text: str) -> None:
    assert is_xtext(text) or decode_xtext(text) is None


def test_xtext_that_is_no_utf8_is_refused() -> None:
    assert decode_xtext("+FF") is None


@given(
    st.sampled_from(["", "RET=Full", "ret=HDRS"]),
    st.text("abcXYZ019-_.", min_size=1, max_size=100),
    st.integers(0, 10**19),
)
def test_mail_parameters_keep_order_and_spelling(ret: str, envid: str, size: int) -> None:
    text = f"{ret} EnvId={envid} SIZE={size} smtputf8 Body=8bitMIME"
    given_parameters = mail_parameters(text, auth_offered=False)
    assert given_parameters.options == tuple(text.split())
    assert given_parameters.size == size
    assert given_parameters.smtputf8


@given(st.text(max_size=50), st.booleans())
def test_any_parameters_are_taken_or_refused_properly(text: str, flag: bool) -> None:
    for check in (mail_parameters, recipient_parameters):
        try:
            check(text, flag)
        except Refused as refused:
            assert refused.reply in (BAD_PARAMETER, UNKNOWN_PARAMETER)


@pytest.mark.parametrize(
    "kept", ["NOTIFY=never", "Notify=Success,FAILURE,delay", "ORCPT=rfc822;A+2BB@x"]
)
def test_recipient_parameters_keep_their_spelling(kept: str) -> None:
    assert recipient_parameters(kept, False) == (kept,)


def test_an_original_recipient_in_utf8_needs_smtputf8() -> None:
    assert recipient_parameters("ORCPT=utf-8;ζ@x", True)
    with pytest.raises(Refused):
        recipient_parameters("ORCPT=utf-8;ζ@x", False)
    with pytest.raises(Refused):
        recipient_parameters("ORCPT=rfc822;ζ@x", True)


@given(st.text(max_size=60))
def test_no_forwarded_value_can_break_a_line(text: str) -> None:
    for arg in (text, f"NAME={text}", f"NAME={encode_xtext(text)}", f"HELO={encode_xtext(text)}"):
        try:
            values = parse_xforward(arg).values()
        except Refused:
            continue
        assert not any(char in value for value in values for char in "\r\n\0")


@given(st.text(max_size=300))
def test_a_neutered_name_fits_into_a_received_line(text: str) -> None:
    name = neuter(text)
    assert len(name) <= 255
    assert all("!" <= char <= "~" and char not in '()<>\\;"' for char in name)
