"""Bytes to `Message`: MIME structure, headers, transfer encodings, all within limits."""

from gateway.parse.message import parse_message

__all__ = ["parse_message"]
