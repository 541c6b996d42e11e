"""The sentences of a decision: placeholders of `because` filled, and nothing else let in.

Only what is public (a release's title and instant, the words of its law) and counts may stand in a
sentence; no address of another recipient (Bcc stays secret, law 6) and no content (law 8).
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from gateway.model.release import Release

UNDECIDED = "The gateway could not decide about this message, so it is held until somebody looks."
NO_POLICY = "The gateway has no rules, and no rules never means that everything may pass."
UNNAMED = "a release that could not be identified"


def fill(because: str, release: Release | None, recipients: int) -> str:
    """`because` with every placeholder of the vocabulary replaced."""
    if "{" not in because:
        return because
    return (
        because.replace("{release}", f"“{release.title}”" if release else UNNAMED)
        .replace("{instant}", instant(release) if release else "its publication")
        .replace("{recipient-count}", str(recipients))
        .replace("{marking}", f"“{release.marking}”" if release and release.marking else "none")
        .replace(
            "{wording}", f"“{release.wordings[0]}”" if release and release.wordings else "none"
        )
    )


def instant(release: Release) -> str:
    """09:30 on Wednesday 28 March 2018 (Europe/London); seconds only where they matter."""
    local = release.instant.astimezone(ZoneInfo(release.zone))
    clock = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    return f"{clock} on {local:%A} {local.day} {local:%B %Y} ({release.zone})"


def rule_error(rule: str) -> str:
    return (
        f"The rule “{rule}” could not be evaluated; what it might have stopped is held until "
        "somebody looks."
    )
