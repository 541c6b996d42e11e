"""SMTP in: bytes from a socket become transactions, and `Submit` says what becomes of them.

This package knows framing, limits, deadlines and replies; what happens to a message is none of
its business (law 1: it is given `submit`, it never imports `act`).
"""

from gateway.receive.acceptor import Share
from gateway.receive.listener import Listener, listen

__all__ = ["Listener", "Share", "listen"]
