"""Holds, outbox and audit: durable, one commit a transaction, sealed at rest."""

from gateway.store.failure import AlreadyDecided, StoreError, Tampered, UnknownHold, WrongKey
from gateway.store.receipts import RELAYED
from gateway.store.store import GATEWAY, Store

__all__ = [
    "GATEWAY",
    "RELAYED",
    "AlreadyDecided",
    "Store",
    "StoreError",
    "Tampered",
    "UnknownHold",
    "WrongKey",
]
