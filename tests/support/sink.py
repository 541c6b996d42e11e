"""A recording next hop: keeps every transaction as it stood on the wire."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass, field


@dataclass
class Delivery:
    """One accepted message: the commands as received, and the content dot-unstuffed."""

    mail: str
    recipients: list[str]
    content: bytes = b""
    xforward: list[str] = field(default_factory=list)

    @property
    def addresses(self) -> list[str]:
        return [line.split("<", 1)[1].split(">", 1)[0] for line in self.recipients]


HANG_UP = "hang up"


class Sink:
    """A threaded SMTP server that answers as told: `answers` maps a verb ("." for the final dot) or
    an address in RCPT to the reply to give instead of 250; HANG_UP closes the connection instead."""

    EXTENSIONS = ("PIPELINING", "SIZE 60000000", "8BITMIME", "SMTPUTF8", "DSN", "ENHANCEDSTATUSCODES", "XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE")  # fmt: skip

    def __init__(self, answers: dict[str, str] | None = None, port: int = 0) -> None:
        self.answers = answers or {}
        self.deliveries: list[Delivery] = []
        self.changed = threading.Condition()
        self._server = socket.create_server(("127.0.0.1", port), backlog=512)
        self.port = int(self._server.getsockname()[1])
        self._open: set[socket.socket] = set()
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Sink:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self.drop_connections()
        self._thread.join(5)

    def drop_connections(self) -> None:
        """Close every connection, as a restarting server would."""
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                self._open.discard(connection)

    def wait_for(self, count: int, seconds: float = 20.0) -> list[Delivery]:
        """Until `count` deliveries have arrived; fails with what did arrive."""
        with self.changed:
            done = self.changed.wait_for(lambda: len(self.deliveries) >= count, seconds)
        assert done, f"{len(self.deliveries)} of {count} deliveries arrived"
        return self.deliveries

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection, connection.makefile("rb") as lines:
                self._talk(connection, lines)
        except OSError:
            return
        finally:
            self._open.discard(connection)

    def _talk(self, connection: socket.socket, lines: object) -> None:
        connection.sendall(b"220 sink.example ESMTP\r\n")
        mail, recipients, xforward = "", [], []
        for raw in lines:  # type: ignore[attr-defined]
            line = raw.decode("utf-8", "surrogateescape").rstrip("\r\n")
            verb = line.split(" ", 1)[0].upper()
            answer = self._answer(verb, line)
            if verb in ("EHLO", "HELO"):
                rows = ["sink.example", *self.EXTENSIONS] if verb == "EHLO" else ["sink.example"]
                text = "".join(f"250-{row}\r\n" for row in rows[:-1]) + f"250 {rows[-1]}\r\n"
                connection.sendall(text.encode())
                continue
            if verb == "XFORWARD":
                xforward.append(line)
            elif verb == "MAIL" and answer.startswith("2"):
                mail, recipients = line, []
            elif verb == "RCPT" and answer.startswith("2"):
                recipients.append(line)
            elif verb == "RSET":
                mail, recipients = "", []
            elif verb == "DATA" and answer.startswith("2"):
                connection.sendall(b"354 go ahead\r\n")
                content = self._content(lines)
                if content is None:
                    return
                answer = self._answer(".", "")
                if answer.startswith("2"):
                    self._keep(Delivery(mail, recipients, content, list(xforward)))
                mail, recipients = "", []
            elif verb == "QUIT":
                connection.sendall(b"221 2.0.0 bye\r\n")
                return
            if answer == HANG_UP:
                return
            connection.sendall(answer.encode() + b"\r\n")

    def _answer(self, verb: str, line: str) -> str:
        for key, answer in self.answers.items():
            if key == verb or (verb == "RCPT" and "@" in key and f"<{key}>" in line):
                return answer
        return "250 2.0.0 ok"

    def _keep(self, delivery: Delivery) -> None:
        with self.changed:
            self.deliveries.append(delivery)
            self.changed.notify_all()

    @staticmethod
    def _content(lines: object) -> bytes | None:
        rows: list[bytes] = []
        for raw in lines:  # type: ignore[attr-defined]
            if raw == b".\r\n":
                return b"".join(rows)
            rows.append(raw[1:] if raw.startswith(b".") else raw)
        return None
