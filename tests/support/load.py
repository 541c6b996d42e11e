"""Clients that keep sending while processes are killed, and the reckoning of what became of it.

Each client acts like a mail server with a queue: a message that was not answered 250 is sent
again. Every attempt has a token of its own in its body, so that each can be told apart wherever
it ends up; the attempts of one errand share the token's first part.
"""

from __future__ import annotations

import random
import re
import smtplib
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from support.sink import Delivery

TOKEN = re.compile(rb"token-(\d+\.\d+\.\d+)-end")
Pair = tuple[str, str]


@dataclass(frozen=True)
class Kind:
    """A sort of message: `write(token)` gives its bytes; `never` must not get it."""

    name: str
    recipients: tuple[str, ...]
    write: Callable[[str], bytes]
    never: frozenset[str] = frozenset()


@dataclass
class Attempt:
    """One try at one message. `reply` is None where the client heard none; `dotted` says whether
    the final dot may have been sent."""

    token: str
    kind: Kind
    reply: int | None = None
    dotted: bool = False

    @property
    def accepted(self) -> bool:
        return self.reply == 250

    @property
    def unknown(self) -> bool:
        return self.reply is None and self.dotted


class Load:
    """`clients` threads that send `kinds` in random order until stopped."""

    def __init__(self, port: int, kinds: Sequence[Kind], clients: int, seed: int) -> None:
        self._port = port
        self._kinds = kinds
        self._stop = threading.Event()
        self._attempts: list[list[Attempt]] = [[] for _ in range(clients)]
        self._threads = [
            threading.Thread(target=self._run, args=(number, random.Random(seed + number)))
            for number in range(clients)
        ]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(120)
        assert not any(thread.is_alive() for thread in self._threads)

    @property
    def attempts(self) -> list[Attempt]:
        return [attempt for some in self._attempts for attempt in some]

    def _run(self, client: int, chance: random.Random) -> None:
        connection = _Connection(self._port, f"client-{client}@dept.example")
        errand = 0
        while not self._stop.is_set():
            kind = chance.choice(self._kinds)
            for again in range(1000):
                attempt = Attempt(f"{client}.{errand}.{again}", kind)
                self._attempts[client].append(attempt)
                connection.send(attempt)
                if attempt.accepted or self._stop.wait(chance.uniform(0, 0.05)):
                    break
            errand += 1
        connection.close()


class _Connection:
    """A client that stays connected as long as it can."""

    def __init__(self, port: int, sender: str) -> None:
        self._port = port
        self._sender = sender
        self._smtp: smtplib.SMTP | None = None

    def send(self, attempt: Attempt) -> None:
        try:
            if self._smtp is None:
                self._smtp = smtplib.SMTP("127.0.0.1", self._port, timeout=60)
                self._smtp.ehlo("client.dept.example")
            attempt.reply = self._talk(self._smtp, attempt)
            if attempt.reply == 421:
                self.close()
        except (OSError, smtplib.SMTPException):
            self.close()

    def _talk(self, smtp: smtplib.SMTP, attempt: Attempt) -> int:
        code, _ = smtp.mail(self._sender)
        if code != 250:
            return code
        for recipient in attempt.kind.recipients:
            code, _ = smtp.rcpt(recipient)
            if code != 250:
                smtp.rset()
                return code
        code, _ = smtp.docmd("DATA")
        if code != 354:
            return code
        attempt.dotted = True
        smtp.send(attempt.kind.write(attempt.token) + b".\r\n")
        return smtp.getreply()[0]

    def close(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
        self._smtp = None


@dataclass
class Reckoning:
    """What became of every attempt. `stored` maps an attempt's token to the state of each of its
    recipients in the store."""

    attempts: Sequence[Attempt]
    deliveries: Sequence[Delivery]
    stored: Mapping[str, Mapping[str, str]]
    arrived: Counter[Pair] = field(init=False)

    def __post_init__(self) -> None:
        self.arrived = Counter(
            (found[1].decode(), address)
            for delivery in self.deliveries
            if (found := TOKEN.search(delivery.content)) and "FROM:<>" not in delivery.mail
            for address in delivery.addresses
        )

    def _fate(self, token: str, address: str) -> str:
        if self.arrived[token, address]:
            return "delivered"
        return self.stored.get(token, {}).get(address, "lost")

    def fates(self) -> Counter[str]:
        """Of every recipient of every accepted attempt."""
        return Counter(
            self._fate(attempt.token, address)
            for attempt in self.attempts
            if attempt.accepted
            for address in attempt.kind.recipients
        )

    def lost(self) -> list[Pair]:
        """Accepted, and neither delivered nor held."""
        return [
            (attempt.token, address)
            for attempt in self.attempts
            if attempt.accepted
            for address in attempt.kind.recipients
            if self._fate(attempt.token, address) not in ("delivered", "held")
        ]

    def leaked(self) -> list[Pair]:
        """Delivered to somebody who must never get it."""
        return [
            (attempt.token, address)
            for attempt in self.attempts
            for address in attempt.kind.never
            if self.arrived[attempt.token, address]
        ]

    def kept_though_refused(self) -> list[str]:
        """Delivered or stored although the client was told that it was not, or never ended it."""
        kept = self.stored.keys() | {token for token, _ in self.arrived}
        return [
            attempt.token
            for attempt in self.attempts
            if not attempt.accepted and not attempt.unknown and attempt.token in kept
        ]

    def copies(self) -> list[Pair]:
        """Attempts that reached a recipient more than once."""
        return [pair for pair, times in self.arrived.items() if times > 1]

    def sent_again(self) -> set[str]:
        """Errands that went through although an earlier, unanswered attempt had."""
        kept = self.stored.keys() | {token for token, _ in self.arrived}
        through = Counter(token.rpartition(".")[0] for token in kept)
        return {errand for errand, times in through.items() if times > 1}

    def unanswered(self) -> set[str]:
        """Errands with an attempt whose outcome the client never heard."""
        return {a.token.rpartition(".")[0] for a in self.attempts if a.unknown}
