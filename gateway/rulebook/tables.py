"""The tables of docs/rules.md: fields from the vocabulary, rules from the policy."""

from __future__ import annotations

from gateway.model.rule import Rule, Rulebook
from gateway.model.vocabulary import PLURAL, VOCABULARY, Field

_FILE = "attachment"


def field_table() -> str:
    """Markdown: one table for each thing that a rule can ask about."""
    return "\n\n".join(_section(subject) for subject in VOCABULARY)


def _section(subject: str) -> str:
    heads = [f"any/every/no {subject}"] if subject in PLURAL else [subject]
    if subject == "recipient":
        heads.append("this recipient")
    if subject == "part":
        fields = VOCABULARY["part"]
        known = {field.name for field in VOCABULARY[_FILE]}
        own = [field for field in fields if field.name not in known]
        rows = [_row(field) for field in own]
        rows.append(f"| … | | everything that `{_FILE}` has |")
    else:
        rows = [_row(field) for field in VOCABULARY[subject]]
    if subject == "finding":
        rows.append("| `facts.<key>` | any or null | any other fact of a detector |")
    head = " · ".join(f"`{words}`" for words in heads)
    return "\n".join([f"**{head}**", "", "| field | value | meaning |", "|---|---|---|", *rows])


def _row(field: Field) -> str:
    words = " ".join(f"`{word}`" if word else '`""`' for word in field.words)
    value = words or field.type
    return f"| `{field.name}` | {value}{' or null' if field.nullable else ''} | {field.doc} |"


def policy_table(rulebook: Rulebook) -> str:
    """Markdown: one row a rule."""
    rows = [
        f"| `{rule.id}` | {rule.title} | {rule.severity} | {_doing(rule)} |"
        for rule in rulebook.rules
    ]
    return "\n".join(["| rule | about | severity | does |", "|---|---|---|---|", *rows])


def _doing(rule: Rule) -> str:
    outcome = rule.outcome
    words: list[str] = [outcome.disposition]
    if outcome.disposition == "hold":
        words = [f"hold, {outcome.scope}"]
    words += ["alert"] if outcome.alert else []
    words += ["notify"] if outcome.notify else []
    done = ", ".join(words)
    if rule.mode == "shadow":
        return "logged only"
    return f"sender told (would be: {done})" if rule.mode == "notify" else done
