"""What keeps a register from being built or opened, in words that repeat no value of it."""

from __future__ import annotations


class RegisterFault(Exception):
    """`message` says what is wrong and where, `hint` what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        self.message, self.hint = message, hint
        super().__init__(message + (f"\n    hint: {hint}" if hint else ""))
