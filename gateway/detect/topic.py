"""What a sentence is about, where that tells talk about restrictions from a restriction.

Words of habit, of security advisories, of scholarly publishing and of e-mail disclaimers; a `*`
at the end stands for any ending.
"""

from __future__ import annotations

from ahocorasick_rs import AhoCorasick

WEIGHTS = {"habit": -2.0, "advisory": -2.0, "scholarly": -1.5, "disclaimer": -2.0}

_WORDS = {
    "habit": "typically|usually|often|generally|normally|sometimes|commonly|frequently|traditionally|always|default|"
    "in general|routinely|mostly|occasionally|tend to|tends to|as a rule|for example|e.g.|such as|for instance|"
    "in practice|by convention|on weekdays|daily|every day|every week|every month|every morning|every quarter|"
    "every year|each day|each week|each month|each morning|each quarter|each year|mondays|tuesdays|wednesdays|"
    "thursdays|fridays|saturdays|sundays",
    "advisory": "cve*|vulnerabilit*|exploit*|security advisor*|zero-day|zeroday|distros|linux-distros|coordinated disclosure",
    "scholarly": "open access|open-access|repository|repositories|self-archiv*|accepted manuscript|embargo period*|"
    "publisher*|thesis|theses|dissertation*|journal|journals|postprint*|full text|full-text",
    "disclaimer": "intended recipient*|in error|addressee*|disclaimer*|legally privileged|unauthorised*|unauthorized*|"
    "notify the sender|virus*|without our|without the|without prior|without express|without written|password*",
}
_TERMS = [
    (term.rstrip("*"), topic, not term.endswith("*"))
    for topic, terms in _WORDS.items()
    for term in terms.split("|")
]
_AUTOMATON = AhoCorasick([term for term, _, _ in _TERMS])


def topics(sentence: str) -> set[str]:
    """The topics that `sentence` touches, each a key of `WEIGHTS`."""
    text = f" {' '.join(sentence.lower().split())} "
    found = set()
    for index, start, end in _AUTOMATON.find_matches_as_indexes(text, overlapping=True):
        _, topic, whole = _TERMS[index]
        if not text[start - 1].isalnum() and not (whole and text[end].isalnum()):
            found.add(topic)
    return found
