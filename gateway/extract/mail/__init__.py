"""What mail programs make: attached messages, envelopes around them, calendars and cards."""
