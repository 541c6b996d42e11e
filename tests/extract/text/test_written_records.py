"""Records pasted into a message are a table in whatever language they are written."""

from __future__ import annotations

import json
from typing import Any, Callable

import pytest

Read = Callable[..., Any]
HEAD = ["person", "born", "income"]
ROWS = [[f"P{i}", str(1950 + i), str(20000 + 37 * i)] for i in range(12)]
TABLE = [HEAD, *ROWS]
RECORDS = [dict(zip(HEAD, row, strict=True)) for row in ROWS]
WRITTEN = {
    "json": json.dumps(RECORDS, indent=1),
    "json lines": "\n".join(map(json.dumps, RECORDS)),
    "quoted json": "> " + json.dumps(RECORDS, indent=1).replace("\n", "\n> "),
    "python": repr(RECORDS),
    "sql": "INSERT INTO t (person, born, income) VALUES\n"
    + ",\n".join(f"('{a}', {b}, {c})" for a, b, c in ROWS) + ";",
    "xml": "".join(f'<p person="{a}" born="{b}" income="{c}"/>\n' for a, b, c in ROWS),
    "fields": "\n\n".join(f"person: {a}\nborn: {b}\nincome: {c}" for a, b, c in ROWS),
    "r": "structure(list(person = c(" + ", ".join(f'"{a}"' for a, _, _ in ROWS)
    + "), born = 1950:1961, income = c(" + ", ".join(f"{c}L" for _, _, c in ROWS) + ")))",
    "latex": "\n".join(" & ".join(row) + r" \\" for row in TABLE),
    "spss": "DATA LIST FREE / person (A8) born income.\nBEGIN DATA\n"
    + "\n".join(map(" ".join, ROWS)) + "\nEND DATA.",
    "sas": "input person $ born income;\ndatalines;\n" + "\n".join(map(" ".join, ROWS)) + "\n;",
    "markdown": "| person | born | income |\n|---|---|---|\n"
    + "\n".join(f"| {' | '.join(row)} |" for row in ROWS),
    "drawn": "┌──┐\n" + "\n".join(f"│ {' │ '.join(row)} │" for row in TABLE) + "\n└──┘",
    "ruled": "person born income\n------ ---- ------\n"
    + "\n".join(f"{a:6} {b:4} {c:>6}" for a, b, c in ROWS),
}  # fmt: skip


@pytest.mark.parametrize("language", WRITTEN)
def test_written_records_are_a_table(read: Read, language: str) -> None:
    text = f"Dear all,\n\nas agreed.\n\n{WRITTEN[language]}\n\nRegards\n"
    found = read(text.encode(), "text/plain", role="body")
    assert TABLE in [table.rows for table in found.tables]


def test_packed_records_have_a_column_for_each_kind_of_place(read: Read) -> None:
    text = "\n".join(f"{100 + i}M{1950 + i}AB{i * 7919 % 9973:012d}" for i in range(30))
    rows = read(text.encode(), "text/plain", role="body").tables[0].rows
    assert len(rows) == 30 and len(rows[0]) >= 4
    assert "".join(rows[3]) == text.split("\n")[3]


def test_rows_between_statements_are_not_lost(read: Read) -> None:
    between = "\n".join(map(",".join, TABLE))
    text = f"insert into t values (1, 2);\n\n{between}\n\ninsert into t values (3, 4);\n"
    found = read(text.encode(), "text/plain", role="body")
    assert TABLE in [table.rows for table in found.tables]


def test_heads_of_quoted_messages_are_no_records(read: Read) -> None:
    text = "From: A\nSent: Monday\nTo: B\nSubject: figures\n\nYes.\n\n" * 6
    assert not read(text.encode(), "text/plain", role="body").tables
