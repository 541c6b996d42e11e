"""A mail relay that knows what a statistical release is."""

__version__ = "0.1.0"
