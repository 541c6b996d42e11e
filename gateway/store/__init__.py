"""Holds, outbox and audit: durable, one commit a transaction, sealed at rest."""

from gateway.store.failure import AlreadyDecided, StoreError, Tampered, UnknownHold, WrongKey
from gateway.store.store import GATEWAY, Store

__all__ = [
    "GATEWAY",
    "AlreadyDecided",
    "Store",
    "StoreError",
    "Tampered",
    "UnknownHold",
    "WrongKey",
]
