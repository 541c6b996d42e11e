"""Unit registers as keyed digests: how one is built from live rows, kept, and opened."""
