"""The outgoing connection says what it must, byte for byte, and survives whatever answers."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from typing import Any

import pytest
import trustme
import uvloop
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.act import wire
from gateway.act.channel import ConnectFailed, ConnectionLost, ProtocolError
from gateway.act.client import Connection, tls_context
from gateway.config import NextHop
from gateway.model.reply import Reply
from gateway.model.session import Recipient, Session

ALL = ("PIPELINING", "SIZE 1000000", "8BITMIME", "SMTPUTF8", "DSN", "ENHANCEDSTATUSCODES")
Settings = Callable[..., NextHop]


def hello(*extensions: str) -> list[Any]:
    rows = ["hop.example", *extensions]
    answer = "".join(f"250-{row}\r\n" for row in rows[:-1]) + f"250 {rows[-1]}"
    return ["> 220 hop.example ESMTP", "< EHLO", "> " + answer]


ENVELOPE = ["< MAIL", "> 250 2.1.0 Ok", "< RCPT", "> 250 2.1.5 Ok"]
TO = Recipient("list@other.example")


async def opened(hop: Any, next_hop: NextHop) -> Connection:
    return await Connection.open(hop.host, hop.port, next_hop, "gateway.dept.example")


async def enveloped(hop: Any, next_hop: NextHop) -> Connection:
    connection = await opened(hop, next_hop)
    assert (await connection.mail("a@dept.example", ())).positive
    assert (await connection.rcpt(TO)).positive
    return connection


# ---- bytes


lines = st.lists(
    st.one_of(
        st.sampled_from([b"", b".", b"..", b".\xff", b"...a", b"From x", b"\x00."]),
        st.binary(max_size=60).map(lambda b: b.replace(b"\r", b"").replace(b"\n", b"")),
    ),
    max_size=12,
)
contents = lines.map(lambda rows: b"".join(row + b"\r\n" for row in rows))


def test_any_crlf_content_arrives_byte_for_byte(sink_class: Any) -> None:
    with asyncio.Runner() as runner:
        sink = runner.run(sink_class().start())
        connection = runner.run(opened(sink, NextHop(tls="never")))

        async def send(content: bytes | tuple[bytes, ...]) -> bytes:
            await connection.mail("a@dept.example", ())
            await connection.rcpt(TO)
            assert (await connection.data(content)).positive
            return bytes(sink.taken.pop().content)

        @settings(max_examples=120, deadline=None)
        @given(contents, st.integers(0, 200))
        def law(content: bytes, cut: int) -> None:
            assert runner.run(send(content)) == content
            assert runner.run(send((content[:cut], content[cut:]))) == content

        law()
        runner.run(connection.quit())
        sink.stop()


def test_a_missing_last_line_ending_is_added_and_nothing_else() -> None:
    assert b"".join(wire.dot_stuffed(b"a\r\n.b")) == b"a\r\n..b\r\n"
    assert b"".join(wire.dot_stuffed(b"")) == b""
    assert b"".join(wire.dot_stuffed(b".\r\n")) == b"..\r\n"


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_content_longer_than_any_buffer_arrives_on_both_event_loops(
    loop: Callable[[], asyncio.AbstractEventLoop], sink_class: Any
) -> None:
    content = b"Subject: long\r\n\r\n" + b"." * 70 + (b"\r\n." + b"x" * 500) * 4000 + b"\r\n"

    async def play() -> None:
        sink = await sink_class().start()
        connection = await enveloped(sink, NextHop(tls="never"))
        assert (await connection.data(content)).positive
        assert sink.taken[0].content == content
        assert connection.usable
        await connection.quit()
        sink.stop()

    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(play())


@pytest.mark.parametrize("content", [b"a\n.\nMAIL", b"a\r.\rb", b"a\r\n.\nb", b"a\n.\r\nb", b"a\r"])
async def test_content_with_a_bare_line_ending_is_never_sent(
    hop: Any, next_hop: Settings, content: bytes
) -> None:
    server = await hop([*hello(*ALL), *ENVELOPE])
    connection = await enveloped(server, next_hop())
    assert await connection.data(content) == wire.BARE_NEWLINE
    assert connection.in_transaction and connection.speaking
    assert len(server.heard) == 3


async def test_eight_bit_content_is_refused_where_only_seven_bits_are_taken(
    hop: Any, next_hop: Settings
) -> None:
    server = await hop([*hello("PIPELINING"), *ENVELOPE])
    connection = await enveloped(server, next_hop())
    assert await connection.data("Subject: grün\r\n".encode()) == wire.NO_8BITMIME


# ---- envelopes


@pytest.mark.parametrize(
    "address",
    [
        "a@x.example>\r\nRCPT TO:<b@x.example",
        "a\r\n@x.example",
        "a\n@x.example",
        "a\0@x.example",
        "a b@x.example",
        "<a@x.example>",
        'a"b@x.example',
        '"a\r\n"@x.example',
        "a\x85@x.example",
        "a\u2028@x.example",
        "a\udcff@x.example",
        "a\\@x.example",
    ],
)
def test_an_address_that_could_end_its_command_is_refused_unsent(address: str) -> None:
    everything = dict.fromkeys(["SMTPUTF8", "DSN"], "")
    assert wire.rcpt_line(Recipient(address), everything) == wire.BAD_RECIPIENT
    assert wire.mail_line(address, (), everything) == wire.BAD_SENDER


@given(st.text(max_size=40), st.lists(st.text(max_size=20), max_size=3))
def test_whatever_the_envelope_holds_it_makes_one_line_or_none(
    address: str, options: list[str]
) -> None:
    everything = dict.fromkeys(
        ["SMTPUTF8", "DSN", *(o.partition("=")[0].upper() for o in options)], ""
    )
    for line in (
        wire.mail_line(address, options, everything),
        wire.rcpt_line(Recipient(address, tuple(options)), everything),
    ):
        if isinstance(line, bytes):
            assert line.endswith(b"\r\n")
            assert not set(line[:-2].decode()) & {chr(c) for c in (*range(32), 0x7F, 0x85)}
        else:
            assert line.code in (501, 550, 554)


@pytest.mark.parametrize(
    "option", ["NOTIFY=NEVER\r\nDATA", "A B", "=x", "ORCPT=a\0b", "RET=", "X=\x85"]
)
def test_an_option_that_could_end_its_command_is_refused_unsent(option: str) -> None:
    everything = dict.fromkeys(["DSN", "X"], "")
    assert wire.rcpt_line(Recipient("a@x.example", (option,)), everything) == wire.BAD_OPTION
    assert wire.mail_line("a@x.example", (option,), everything) == wire.BAD_OPTION


def test_quoted_local_parts_keep_their_spelling() -> None:
    line = wire.rcpt_line(Recipient('"A >\\" b"@X.example'), {})
    assert line == b'RCPT TO:<"A >\\" b"@X.example>\r\n'


async def test_options_go_as_the_client_spelt_them_where_they_are_offered(
    hop: Any, next_hop: Settings
) -> None:
    server = await hop([*hello(*ALL), *ENVELOPE])
    connection = await opened(server, next_hop())
    options = ("size=100", "Body=8BITMIME", "RET=HDRS", "ENVID=QQ+2B1", "SMTPUTF8", "AUTH=<>")
    await connection.mail("A@dept.example", options)
    await connection.rcpt(
        Recipient("B@Other.example", ("NOTIFY=SUCCESS,DELAY", "ORCPT=rfc822;B@Other.example"))
    )
    assert server.heard[1:] == [
        "MAIL FROM:<A@dept.example> size=100 Body=8BITMIME RET=HDRS ENVID=QQ+2B1 SMTPUTF8",
        "RCPT TO:<B@Other.example> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;B@Other.example",
    ]


async def test_options_that_are_not_offered_are_dropped(hop: Any, next_hop: Settings) -> None:
    server = await hop([*hello("PIPELINING"), *ENVELOPE])
    connection = await opened(server, next_hop())
    await connection.mail("", ("SIZE=100", "BODY=8BITMIME", "RET=HDRS", "ENVID=x"))
    await connection.rcpt(Recipient("b@other.example", ("NOTIFY=NEVER",)))
    assert server.heard[1:] == ["MAIL FROM:<>", "RCPT TO:<b@other.example>"]


def test_the_true_size_replaces_the_declared_one() -> None:
    line = wire.mail_line("a@x.example", ("SIZE=5", "RET=FULL"), {"SIZE": "", "DSN": ""}, 77)
    assert line == b"MAIL FROM:<a@x.example> SIZE=77 RET=FULL\r\n"


def test_internationalised_mail_goes_only_where_it_is_understood() -> None:
    utf8 = {"SMTPUTF8": "", "DSN": ""}
    assert wire.mail_line("ü@x.example", (), {}) == wire.NO_SMTPUTF8
    assert wire.mail_line("a@x.example", ("SMTPUTF8",), {}) == wire.NO_SMTPUTF8
    assert wire.rcpt_line(Recipient("ü@x.example"), {}) == wire.NO_SMTPUTF8
    assert (
        wire.mail_line("ü@x.example", (), utf8) == "MAIL FROM:<ü@x.example> SMTPUTF8\r\n".encode()
    )
    assert wire.rcpt_line(Recipient("ü@x.example"), utf8) == "RCPT TO:<ü@x.example>\r\n".encode()
    orcpt = Recipient("a@x.example", ("ORCPT=utf-8;ü@x.example",))
    assert wire.rcpt_line(orcpt, {"DSN": ""}) == wire.NO_SMTPUTF8


def test_requiretls_is_never_dropped() -> None:
    offered = {"REQUIRETLS": ""}
    option = ("REQUIRETLS",)
    assert wire.mail_line("a@x.example", option, {}, verified_tls=True) == wire.NO_REQUIRETLS
    assert wire.mail_line("a@x.example", option, offered) == wire.NO_REQUIRETLS
    line = wire.mail_line("a@x.example", option, offered, verified_tls=True)
    assert line == b"MAIL FROM:<a@x.example> REQUIRETLS\r\n"


@pytest.mark.parametrize("pipelining", [True, False])
async def test_a_whole_envelope_has_an_answer_for_each_recipient(
    hop: Any, next_hop: Settings, pipelining: bool
) -> None:
    commands = ["< MAIL", "< RCPT TO:<a", "< RCPT TO:<b", "< RCPT TO:<c"]
    answers = ["> 250 2.1.0 Ok", "> 250 2.1.5 a", "> 550 5.1.1 b", "> 451 4.2.0 c"]
    pairs = [step for pair in zip(commands, answers, strict=True) for step in pair]
    extensions = ALL if pipelining else ALL[1:]
    server = await hop([*hello(*extensions), *(commands + answers if pipelining else pairs)])
    connection = await opened(server, next_hop())
    names = ("a@x.example", "bad address@x.example", "b@x.example", "c@x.example")
    mailed, replies = await connection.mail_and_rcpts(
        None, "s@dept.example", (), [Recipient(name) for name in names]
    )
    assert mailed.positive
    assert [reply.code for reply in replies] == [250, 501, 550, 451]
    assert [reply.text for reply in replies][2:] == ["b", "c"]


async def test_where_mail_is_refused_everybody_is(hop: Any, next_hop: Settings) -> None:
    server = await hop([*hello(*ALL), "< MAIL", "< RCPT", "> 550 5.7.1 no\r\n503 5.5.1 MAIL first"])
    connection = await opened(server, next_hop())
    mailed, replies = await connection.mail_and_rcpts(None, "s@dept.example", (), [TO])
    assert (mailed.code, [r.code for r in replies]) == (550, [550])
    assert connection.usable


# ---- XFORWARD


FORWARDED = Session(
    "192.0.2.7", xforward={"NAME": "client.example", "ADDR": "192.0.2.7", "HELO": "a b+"}
)


async def test_the_original_client_is_passed_on_and_forgotten_again(
    hop: Any, next_hop: Settings
) -> None:
    offer = hello("PIPELINING", "XFORWARD NAME ADDR PROTO HELO")
    both = ["< XFORWARD", "< MAIL", "> 250 ok\r\n250 ok"]
    server = await hop(
        [*offer, *both, "< RSET", "> 250 ok", *both, "< RSET", "> 250 ok", "< MAIL", "> 250 ok"]
    )
    connection = await opened(server, next_hop())
    silent = Session("192.0.2.8")
    for session in (FORWARDED, silent):
        assert (await connection.begin(session, "a@dept.example", ())).positive
        await connection.rset()
    assert (await connection.begin(silent, "a@dept.example", ())).positive
    assert [line for line in server.heard if line.startswith("XF")] == [
        "XFORWARD NAME=client.example ADDR=192.0.2.7 PROTO=[UNAVAILABLE] HELO=a+20b+2B",
        "XFORWARD NAME=[UNAVAILABLE] ADDR=[UNAVAILABLE] PROTO=[UNAVAILABLE] HELO=[UNAVAILABLE]",
    ]
    assert server.heard[-1].startswith("MAIL")


async def test_the_original_client_is_not_told_to_a_peer_that_does_not_ask(
    hop: Any, next_hop: Settings
) -> None:
    server = await hop([*hello(*ALL), "< MAIL", "> 250 ok"])
    connection = await opened(server, next_hop())
    assert await connection.xforward(FORWARDED) is None
    assert (await connection.begin(FORWARDED, "a@dept.example", ())).positive


async def test_a_refused_xforward_does_not_stop_the_mail(hop: Any, next_hop: Settings) -> None:
    server = await hop([*hello("XFORWARD NAME"), "< XFORWARD", "> 501 no", "< MAIL", "> 250 ok"])
    connection = await opened(server, next_hop())
    assert (await connection.begin(FORWARDED, "a@dept.example", ())).positive


def test_long_attributes_are_spread_over_several_commands() -> None:
    lines = wire.xforward_lines(
        {"NAME": "n" * 255, "HELO": "+" * 150, "IDENT": "i" * 255}, "NAME HELO IDENT"
    )
    assert len(lines) == 3
    assert all(len(line) <= 512 for line in lines)


# ---- replies


@given(st.lists(st.integers(1, 40), max_size=20))
def test_replies_are_read_the_same_in_any_pieces(cuts: list[int]) -> None:
    raw = "250-2.1.0 one\r\n250-2.1.0 two\r\n250 2.1.0 \r\n550 5.1.1 nö\r\n421\r\n354 go\n".encode()
    reader, replies = wire.ReplyReader(), []
    for cut in cuts:
        piece, raw = raw[:cut], raw[cut:]
        replies += reader.feed(piece)
    replies += reader.feed(raw)
    assert replies == [
        Reply(250, "2.1.0", "one\ntwo\n"),
        Reply(550, "5.1.1", "nö"),
        Reply(421, "", ""),
        Reply(354, "", "go"),
    ]


@pytest.mark.parametrize(
    "raw",
    [
        b"hello\r\n",
        b"99 x\r\n",
        b"199 x\r\n",
        b"600 x\r\n",
        b"250_x\r\n",
        b"\r\n",
        b"250-a\r\n251 b\r\n",
        b"250 " + b"x" * 5000 + b"\r\n",
        b"250 " + b"x" * 5000,
        b"250-x\r\n" * 20000,
        b"\xb2\xb5\xb0 x\r\n",
    ],
)
def test_what_is_no_reply_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError):
        wire.ReplyReader().feed(raw)


@given(st.binary(max_size=80))
def test_no_bytes_from_the_next_hop_do_anything_but_be_replies_or_be_refused(raw: bytes) -> None:
    try:
        replies = wire.ReplyReader().feed(raw + b"\r\n")
    except ValueError:
        return
    for reply in replies:
        assert b"\r" not in reply.encode().replace(b"\r\n", b"")


def test_an_enhanced_code_of_another_class_is_text() -> None:
    assert wire.ReplyReader().feed(b"550 2.1.0 odd\r\n") == [Reply(550, "", "2.1.0 odd")]
    assert wire.ReplyReader().feed(b"250 2.1.0\r\n") == [Reply(250, "2.1.0", "")]
    assert wire.ReplyReader().feed(b"250 2.1.0x\r\n") == [Reply(250, "", "2.1.0x")]


def test_controls_in_a_reply_cannot_end_a_line_of_ours() -> None:
    (reply,) = wire.ReplyReader().feed(b"550 5.7.1 a\rb\0c\x0b\r\n")
    assert reply.text == "a?b?c?"


async def test_a_421_closes_their_channel_and_not_ours(hop: Any, next_hop: Settings) -> None:
    server = await hop([*hello(*ALL), "< MAIL", "> 421 4.7.0 too busy", "close"])
    connection = await opened(server, next_hop())
    assert await connection.mail("a@dept.example", ()) == Reply(451, "4.7.0", "too busy")
    assert not connection.speaking
    with pytest.raises(ConnectionLost):
        await connection.rcpt(TO)


# ---- faults


@pytest.mark.parametrize(
    ("script", "code"),
    [
        (["> 554 no", "stall"], "4.3.2"),
        (["> 421 later", "close"], "4.3.2"),
        (["close"], "4.4.2"),
        (["> SSH-2.0-OpenSSH"], "4.5.0"),
        (["> 220 hi", "< EHLO", "> 421 4.3.2 later"], "4.3.2"),
        (["> 220 hi", "< EHLO", "close"], "4.4.2"),
        (["> 220 hi", "< EHLO", "> 502 what", "< HELO", "> 502 what"], "4.3.2"),
    ],
)
async def test_a_peer_that_does_not_greet_us_is_not_connected(
    hop: Any, next_hop: Settings, script: list[Any], code: str
) -> None:
    server = await hop(script)
    with pytest.raises(ConnectFailed) as caught:
        await opened(server, next_hop())
    assert (caught.value.reply.code, caught.value.reply.enhanced) == (451, code)


async def test_nobody_listening_is_a_connect_failure(hop: Any, next_hop: Settings) -> None:
    for host in ("127.0.0.1", "no\0name", "x" * 70 + ".example"):
        with pytest.raises(ConnectFailed) as caught:
            await Connection.open(host, 1, next_hop(), "gateway.dept.example")
        assert caught.value.reply.enhanced == "4.4.1"


async def test_a_peer_without_ehlo_gets_helo_and_no_extensions(
    hop: Any, next_hop: Settings
) -> None:
    server = await hop(
        [
            "> 220 old",
            "< EHLO",
            "> 502 what",
            "< HELO gateway",
            "> 250-hop\r\n250 DSN",
            "< MAIL FROM:<a@x.example>",
        ]
    )
    connection = await opened(server, next_hop())
    assert not connection.extensions


async def test_the_old_spelling_of_extensions_is_understood(hop: Any, next_hop: Settings) -> None:
    server = await hop(
        ["> 220 hi", "< EHLO", "> 250-hop\r\n250-auth=LOGIN\r\n250-size\r\n250 xForward name addr"]
    )
    connection = await opened(server, next_hop())
    assert connection.extensions == {"AUTH": "LOGIN", "SIZE": "", "XFORWARD": "NAME ADDR"}


@pytest.mark.parametrize(
    ("steps", "stage"),
    [
        (["< MAIL", "close"], "mail"),
        (["< MAIL", "> 250 ok", "< RCPT", "close"], "rcpt"),
        ([*ENVELOPE, "< DATA", "close"], "data"),
        ([*ENVELOPE, "< DATA", "> 354 go", "content", "close"], "final"),
    ],
)
async def test_a_lost_connection_says_whether_the_dot_may_have_been_seen(
    hop: Any, next_hop: Settings, steps: list[Any], stage: str
) -> None:
    server = await hop([*hello(*ALL), *steps])
    connection = await opened(server, next_hop())
    with pytest.raises(ConnectionLost) as caught:
        await connection.mail("a@dept.example", ())
        await connection.rcpt(TO)
        await connection.data(b"x\r\n")
    assert caught.value.stage == stage
    assert caught.value.after_dot == ("unknown" in caught.value.reply.text) == (stage == "final")
    assert caught.value.reply.enhanced == "4.4.2"


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_a_connection_lost_within_long_content_was_lost_before_the_dot(
    loop: Callable[[], asyncio.AbstractEventLoop], hop_class: Any
) -> None:
    async def play() -> None:
        server = await hop_class.start(
            [*hello(*ALL), *ENVELOPE, "< DATA", "> 354 go", "read 20000", "close"]
        )
        connection = await enveloped(server, NextHop(tls="never"))
        with pytest.raises(ConnectionLost) as caught:
            await connection.data(b"x" * 70 + b"\r\n" * 8_000_000)
        assert caught.value.stage == "content"
        assert not caught.value.after_dot

    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(play())


async def test_a_refusal_within_long_content_is_the_answer(hop: Any, next_hop: Settings) -> None:
    server = await hop(
        [*hello(*ALL), *ENVELOPE, "< DATA", "> 354 go", "read 20000", "> 552 5.3.4 too big", "deaf"]
    )
    connection = await enveloped(server, next_hop())
    assert await connection.data(b"x\r\n" * 6_000_000) == Reply(552, "5.3.4", "too big")
    assert not connection.speaking


async def test_acceptance_before_the_end_is_no_acceptance(hop: Any, next_hop: Settings) -> None:
    server = await hop(
        [*hello(*ALL), *ENVELOPE, "< DATA", "> 354 go", "read 20000", "> 250 2.0.0 fine", "deaf"]
    )
    connection = await enveloped(server, next_hop())
    with pytest.raises(ProtocolError) as caught:
        await connection.data(b"x\r\n" * 6_000_000)
    assert not caught.value.after_dot


@pytest.mark.parametrize("answer", ["> 250 2.0.0 already", "> 334 what"])
async def test_data_must_be_answered_by_354_or_a_refusal(
    hop: Any, next_hop: Settings, answer: str
) -> None:
    server = await hop([*hello(*ALL), *ENVELOPE, "< DATA", answer])
    connection = await enveloped(server, next_hop())
    with pytest.raises(ProtocolError):
        await connection.data(b"x\r\n")
    assert not connection.speaking


async def test_an_answer_to_nothing_ends_the_connection(hop: Any, next_hop: Settings) -> None:
    server = await hop([*hello(*ALL), "< MAIL", "> 250 ok\r\n250 and another"])
    connection = await opened(server, next_hop())
    with pytest.raises(ProtocolError):
        await connection.mail("a@dept.example", ())


async def test_garbage_after_the_dot_leaves_the_outcome_unknown(
    hop: Any, next_hop: Settings
) -> None:
    server = await hop([*hello(*ALL), *ENVELOPE, "< DATA", "> 354 go", "content", "> whatever"])
    connection = await enveloped(server, next_hop())
    with pytest.raises(ProtocolError) as caught:
        await connection.data(b"x\r\n")
    assert caught.value.after_dot


async def test_a_silent_peer_is_given_up_at_the_deadline(hop: Any, next_hop: Settings) -> None:
    server = await hop([*hello(*ALL), "< MAIL", "> 250 ok", "< RCPT", "stall"])
    connection = await opened(server, next_hop(command_timeout=0.05))
    assert (await connection.mail("a@dept.example", ())).positive
    with pytest.raises(ConnectionLost) as caught:
        await connection.rcpt(TO)
    assert caught.value.timed_out
    assert not connection.speaking


async def test_a_silent_greeter_is_given_up_at_the_deadline(hop: Any, next_hop: Settings) -> None:
    server = await hop(["stall"])
    with pytest.raises(ConnectFailed):
        await opened(server, next_hop(command_timeout=0.05))


async def test_the_answer_to_the_dot_has_a_deadline_of_its_own(
    hop: Any, next_hop: Settings
) -> None:
    server = await hop([*hello(*ALL), *ENVELOPE, "< DATA", "> 354 go", "content", "stall"])
    connection = await enveloped(server, next_hop(data_timeout=0.05))
    with pytest.raises(ConnectionLost) as caught:
        await connection.data(b"x\r\n")
    assert caught.value.timed_out and caught.value.after_dot


async def test_a_peer_that_stops_reading_is_given_up_before_the_dot(
    hop: Any, next_hop: Settings
) -> None:
    server = await hop([*hello(*ALL), *ENVELOPE, "< DATA", "> 354 go", "deaf"])
    connection = await enveloped(server, next_hop(data_timeout=0.1))
    with pytest.raises(ConnectionLost) as caught:
        await connection.data(b"x\r\n" * 10_000_000)
    assert caught.value.timed_out and caught.value.stage == "content"


async def test_a_cancelled_command_leaves_a_connection_in_doubt(
    hop: Any, next_hop: Settings
) -> None:
    server = await hop([*hello(*ALL), "< MAIL", "here", "stall"])
    connection = await opened(server, next_hop())
    task = asyncio.create_task(connection.mail("a@dept.example", ()))
    await server.here.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert connection.doubtful
    await server.closed[0].wait()


async def test_goodbye_never_fails(hop: Any, next_hop: Settings) -> None:
    for steps in (["< QUIT", "> 221 bye", "close"], ["< QUIT", "close"], ["close"]):
        server = await hop([*hello(*ALL), *steps])
        connection = await opened(server, next_hop())
        await connection.quit()
        await server.closed[0].wait()


# ---- TLS


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def server_context(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(*names).configure_cert(context)
    return context


def with_tls(context: ssl.SSLContext, before: str = "> 220 go") -> list[Any]:
    return [
        *hello("STARTTLS", "AUTH PLAIN"),
        "< STARTTLS",
        before,
        context,
        "< EHLO",
        "> 250-hop\r\n250 DSN",
    ]


async def test_tls_is_verified_where_that_is_asked_for(
    hop: Any, next_hop: Settings, authority: trustme.CA, tmp_path: Any
) -> None:
    ca_file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    strict = next_hop(tls="verified", ca_file=ca_file)
    good = await hop(with_tls(server_context(authority, "127.0.0.1")))
    connection = await opened(good, strict)
    assert connection.tls and connection.verified
    assert connection.extensions == {"DSN": ""}, "what was offered in clear text no longer counts"
    connection.abort()
    bad = await hop(with_tls(server_context(authority, "elsewhere.example")))
    with pytest.raises(ConnectFailed) as caught:
        await opened(bad, strict)
    assert caught.value.reply.enhanced == "4.7.5"


@pytest.mark.parametrize("mode", ["opportunistic", "required"])
async def test_tls_without_a_name_is_still_tls(
    hop: Any, next_hop: Settings, authority: trustme.CA, mode: str
) -> None:
    server = await hop(with_tls(server_context(authority, "elsewhere.example")))
    connection = await opened(server, next_hop(tls=mode))
    assert connection.tls and not connection.verified
    connection.abort()


@pytest.mark.parametrize("mode", ["required", "verified"])
@pytest.mark.parametrize(
    "script", [hello("DSN"), [*hello("STARTTLS"), "< STARTTLS", "> 454 4.7.0 not now"]]
)
async def test_where_tls_is_required_nothing_goes_without(
    hop: Any, next_hop: Settings, mode: str, script: list[Any]
) -> None:
    server = await hop(script)
    with pytest.raises(ConnectFailed) as caught:
        await opened(server, next_hop(tls=mode))
    assert caught.value.reply.enhanced == "4.7.4"
    assert not any(line.startswith("MAIL") for line in server.heard)


async def test_opportunistic_tls_falls_back_to_clear_text(hop: Any, next_hop: Settings) -> None:
    refused = await hop(
        [*hello("STARTTLS"), "< STARTTLS", "> 454 4.7.0 not now", "< MAIL", "> 250 ok"]
    )
    connection = await opened(refused, next_hop(tls="opportunistic"))
    assert (await connection.mail("a@dept.example", ())).positive
    broken = await hop(
        [
            *hello("STARTTLS"),
            "< STARTTLS",
            "> 220 go",
            "read 5",
            b"this is no handshake\r\n",
            "close",
        ],
        [*hello("STARTTLS"), "< MAIL", "> 250 ok"],
    )
    connection = await opened(broken, next_hop(tls="opportunistic"))
    assert (await connection.mail("a@dept.example", ())).positive
    assert not connection.tls


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_answers_injected_before_tls_are_never_taken_for_later_ones(
    loop: Callable[[], asyncio.AbstractEventLoop], hop_class: Any, authority: trustme.CA
) -> None:
    """RFC 3207 section 6: either the handshake fails, or the injected reply is gone."""
    script = with_tls(
        server_context(authority, "127.0.0.1"), "> 220 go\r\n250-hop\r\n250 XFORWARD NAME"
    )

    async def play() -> None:
        server = await hop_class.start(script)
        required = NextHop(tls="required", connect_timeout=5.0, command_timeout=5.0)
        try:
            connection = await opened(server, required)
        except ConnectFailed:
            return
        assert not connection.offers("XFORWARD")
        connection.abort()

    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(play())


def test_clear_text_needs_no_context(next_hop: Settings) -> None:
    assert tls_context(next_hop(tls="never")) is None
