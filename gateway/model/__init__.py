"""Frozen types that travel along the path of a message. No I/O, no behaviour beyond themselves."""
