"""What a message shares with the registered material of a release, said to its sender.

Which documents and cells they stand in is said to those alone who may have the release; nobody is
told a figure or a word of it (law 8).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from gateway.act.composition import shown
from gateway.model.finding import Finding, Json
from gateway.model.register import Register
from gateway.model.verdict import Case

_KINDS = ("release-material", "release-figures")
_NAMED = 4


def shared_contents(
    case: Case, register: Register, may_have: Callable[[str], bool],
    place: Callable[[Sequence[Finding]], tuple[str, ...]],
) -> Mapping[str, tuple[str, ...]]:  # fmt: skip
    """Sentences by release. `may_have` says whether the sender may have one, `place` where in the
    message findings stand, in words for people."""
    found: dict[str, tuple[str, ...]] = {}
    for finding in case.findings:
        release = register.releases.get(str(finding.facts.get("release")))
        if finding.kind not in _KINDS or finding.confidence == "low" or release is None:
            continue
        sentence = f"{_what(finding)} “{shown(release.title)}”: in {place([finding])[0]}."
        if may_have(release.id):
            sentence += _stands_in(finding)
        found[release.id] = (*found.get(release.id, ()), sentence)
    return found


def _what(finding: Finding) -> str:
    matches = finding.facts.get("matches")
    if finding.kind == "release-material":
        return "It holds text of the registered material of"
    if not isinstance(matches, int):
        return "It holds figures of"
    return f"It holds {matches} figure{'s' if matches != 1 else ''} of"


def _stands_in(finding: Finding) -> str:
    documents, places = _words(finding.facts.get("documents")), _words(finding.facts.get("places"))
    if not documents:
        return ""
    inside = f" ({_some(places)})" if places else ""
    these = "Those stand" if finding.facts.get("matches") != 1 else "That stands"
    if finding.kind == "release-material":
        these = "That stands"
    return f" {these} in {_some(documents)}{inside}."


def _words(value: Json) -> list[str]:
    return [shown(str(each)) for each in value if each] if isinstance(value, list) else []


def _some(names: list[str]) -> str:
    more = [f"{len(names) - _NAMED} more"] if len(names) > _NAMED else []
    return "; ".join([*names[:_NAMED], *more])
