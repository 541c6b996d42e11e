"""A bare aiosmtpd proxy: receives with aiosmtpd, sends with aiosmtplib, inspects nothing.

`python -m benchmarks.bare_proxy PORT NEXT_PORT [PROCESSES]`: what a straightforward Python relay
costs, for comparison.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys

import aiosmtplib
import uvloop
from aiosmtpd.smtp import SMTP


class _Forward:
    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: list[aiosmtplib.SMTP] = []

    async def handle_DATA(self, server: SMTP, session: object, envelope: object) -> str:
        client = self._idle.pop() if self._idle else await self._connect()
        await client.sendmail(envelope.mail_from, envelope.rcpt_tos, envelope.content)
        self._idle.append(client)
        return "250 2.0.0 Ok"

    async def _connect(self) -> aiosmtplib.SMTP:
        client = aiosmtplib.SMTP(
            hostname="127.0.0.1", port=self._port, use_tls=False, start_tls=False
        )
        await client.connect()
        return client


async def _serve(listener: socket.socket, next_port: int) -> None:
    handler = _Forward(next_port)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(handler, hostname="bare.example", data_size_limit=None, loop=loop),
        sock=listener,
    )
    await server.serve_forever()


def main() -> None:
    port, next_port = int(sys.argv[1]), int(sys.argv[2])
    processes = int(sys.argv[3]) if len(sys.argv) > 3 else 2
    for _ in range(processes - 1):
        if os.fork() == 0:
            break
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(1024)
    uvloop.run(_serve(listener, next_port))


if __name__ == "__main__":
    main()
