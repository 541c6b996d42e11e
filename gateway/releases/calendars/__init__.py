"""Calendars of announcements in the forms in which statistics offices publish them.

Calendars are not ours to mend: an entry that cannot be read is a fault of its own and takes no
other along, and one whose day cannot be read is kept without an instant, so that it confirms none.
What is no such calendar at all gives nothing.
"""

from gateway.releases.calendars.kinds import read_calendar
from gateway.releases.calendars.source import CalendarSource, read_snapshot, remember

__all__ = ["CalendarSource", "read_calendar", "read_snapshot", "remember"]
