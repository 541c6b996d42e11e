"""Records that programs wrote into running text: SQL, JSON, Python, R, XML, data in syntax files.

Each language is looked for only where its own signs stand, so that prose costs a few searches.
What is found is offered to the judge as a table; the words are read with the text around it.
"""

from __future__ import annotations

import re
from typing import Any, Iterator

from gateway.extract.text.delimited import Rows, split_rows
from gateway.extract.text.rare_delimiters import rare_delimiter
from gateway.model.content import Table
from gateway.model.limits import ReadLimits
from gateway.model.message import Part

Found = tuple[list[tuple[int, int]], Rows]
MAX_ROWS = 200_000
MAX_TRIES = 20
MAX_SOURCE = 4_000_000
_OPENS = ('{"', "{'", "[[", "[{", "[(", "[\n", "{\n", "[ {", "{ ")
_VALUE = re.compile(r"""[\[{]\s*(?:["'\[{(]|-?\d)""")
_INSERT = re.compile(
    r"insert\s{1,20}(?:\w{1,20}\s{1,20}){0,3}into\s{1,20}[^\s(]{1,200}\s{0,20}(\([^()]{0,20000}\))?\s{0,20}values\s{0,20}(?=\()",
    re.I,
)
_SQL = re.compile(r"\s*(?:(\()|([,)])|N?'((?:[^']|'')*+)'|([^\s,()';][^,()';]*)|(;))")
_VECTOR = re.compile(
    r"(?:([\w.]{1,100}|`[^`\n]{1,200}`|\"[^\"\n]{1,200}\")\s{0,9}(?:=|<-)\s{0,9})(?:structure\(|factor\(|as\.\w+\()?(?:c\(|(-?\d{1,9}):(-?\d{1,9}))"
)
_ITEM = re.compile(
    r"""\s*(?:[\w.]{1,60}\s*=\s*)?(?:"((?:[^"\\]|\\.)*+)"|'((?:[^'\\]|\\.)*+)'|(-?\d{1,9}L?):(-?\d{1,9})L?(?=\s*[,)])|([^,()"'\s]{1,60}))\s*([,)])"""
)
_INLINE = re.compile(
    r"(?:\b(?:begin\s{1,9}data|datalines4?|cards4?|lines)\b[ \t]{0,9}[.;]?)[ \t]{0,99}\n", re.I
)
_END = re.compile(r"\n\s{0,99}(?:end\s{1,9}data|;{1,4}|run\s*;)", re.I)
_NAMES = re.compile(
    r"(?:\binput\b|\bdata\s{1,9}list\b[^/\n]{0,200}/)([^;/]{1,4000}?)(?:;|\.\s*\n|\n\s*begin)", re.I
)
_WORD = re.compile(r"[A-Za-z_@#$][\w@#$.]*")
_PLACES = re.compile(r"([A-Za-z_][\w.]{0,63})\s{1,9}\$?\s{0,9}(\d{1,4})(?:\s?-\s?(\d{1,4}))?")
_NOTE = re.compile(r"\([^()]{0,40}\)")
_XML = re.compile(r"<([A-Za-z_][\w:.-]{0,80})[\s>]")
_PYTHON = re.compile(
    r"""'((?:[^'\\]|\\.)*+)'|"(?:[^"\\]|\\.)*+"|\bTrue\b|\bFalse\b|\bNone\b|\bnan\b|[()]|,(?=\s*[\])}])"""
)
_WORDS = {
    "True": "true",
    "False": "false",
    "None": "null",
    "nan": "null",
    "(": "[",
    ")": "]",
    ",": "",
}


def written_tables(part: Part, text: str, where: str) -> Iterator[tuple[set[int], Table]]:
    """Each set of records, with the lines that it is written on and nothing else stands on."""
    text = text[:MAX_SOURCE]
    for spans, rows in _found(part, text):
        if len(rows) < 2:
            continue
        lines: set[int] = set()
        at = line = 0
        for start, end in spans:
            line += text.count("\n", at, start)
            last = line + text.count("\n", start, end)
            lines.update(range(line, last + 1))
            at, line = end, last
        place = f"lines {min(lines) + 1}–{max(lines) + 1}"
        location = part.location.at(f"{where}, {place}" if where else place)
        yield lines, Table(location, rows, total_rows=len(rows), form="records")


def _found(part: Part, text: str) -> Iterator[Found]:
    if ("{" in text or "[" in text) and any(map(text.__contains__, _OPENS)):
        yield from _values(part, text)
    lowered = text.lower()
    if "insert" in lowered and "values" in lowered:
        yield from _inserts(text)
    if "(" in text and "c(" in text:
        yield from _vectors(text)
    if "begin data" in lowered or "lines" in lowered or "cards" in lowered:
        yield from _inline_data(text)
    if "<" in text and text.count("</") + text.count("/>") >= 3:
        yield from _elements(part, text)


def _inserts(text: str) -> Iterator[Found]:
    """The tuples of all statements under the names that the first one gives."""
    rows: Rows = []
    spans: list[tuple[int, int]] = []
    at = 0
    while match := _INSERT.search(text, at):
        if not spans and match[1]:
            rows.append([name.strip(' \n\t"`[]') for name in match[1][1:-1].split(",")])
        at = _tuples(text, match.end(), rows)
        spans.append((match.start(), at))
        if len(rows) > MAX_ROWS:
            break
    if rows:
        yield spans, rows


def _tuples(text: str, at: int, rows: Rows) -> int:
    row: list[str] = []
    depth = 0
    while token := _SQL.match(text, at):
        at = token.end()
        if token[1]:
            depth += 1
        elif token[2] == ")":
            depth -= 1
            if depth <= 0:
                rows.append(row)
                row = []
        elif token[5]:
            break
        elif token[3] is not None:
            row.append(token[3].replace("''", "'"))
        elif token[4] is not None:
            if depth <= 0:
                break  # another statement
            value = token[4].strip()
            row.append("" if value.upper() == "NULL" else value)
    return at


def _values(part: Part, text: str) -> Iterator[Found]:
    """JSON as it stands, one value behind the other, or what Python prints."""
    from gateway.extract.text.json_records import parse_values
    from gateway.extract.text.value_tree import contents_of

    at = tries = 0
    while tries < MAX_TRIES and (match := _VALUE.search(text, at)):
        start = match.start()
        values, end = parse_values(text, start)
        if not values:
            tries += 1
            source = _PYTHON.sub(_as_json, text[start:]) if tries <= 3 else ""
            values, end = parse_values(source, 0) if source else ([], 0)
            if not values:
                at = start + 1
                continue
            end = _after_lines(text, start, source.count("\n", 0, end))
        at = max(end, start + 1)
        for content in contents_of(part, values[0] if len(values) == 1 else values, ReadLimits()):
            if isinstance(content, Table) and len(content.rows) > 2:
                yield [(start, end)], [list(row) for row in content.rows]


def _after_lines(text: str, at: int, lines: int) -> int:
    """The end of the line that is so many below the one at `at`."""
    for _ in range(lines + 1):
        at = text.find("\n", at) + 1
        if not at:
            return len(text)
    return at - 1


def _as_json(token: re.Match[str]) -> str:
    if token[1] is not None:
        inner = token[1].replace('"', '\\"').replace("\\'", "'")
        return f'"{inner}"'
    return _WORDS.get(token[0], token[0])


def _vectors(text: str) -> Iterator[Found]:
    """Columns as R writes them: `structure(list(a = c(...), b = 1:9), ...)`, data.frame(...)."""
    columns: list[tuple[str, list[str]]] = []
    spans: list[tuple[int, int]] = []
    at = 0
    while match := _VECTOR.search(text, at):
        at = match.end()
        values: list[str] = []
        if match[2]:
            _count(values, match[2], match[3])
        else:
            while item := _ITEM.match(text, at):
                at = item.end()
                if item[3]:
                    _count(values, item[3], item[4])
                else:
                    found = item[1] or item[2] or item[5] or ""
                    values.append(
                        "" if found.startswith("NA") and item[5] else found.removesuffix("L")
                    )
                if item[6] == ")":
                    break
        if len(values) >= 3 and (not columns or len(values) == len(columns[0][1])):
            spans.append((match.start(), at))
            columns.append((match[1].strip('`"'), values))
        if len(columns) > 2_000:
            break
    if len(columns) >= 2:
        heads = [name for name, _ in columns]
        rows = [heads, *map(list, zip(*(values for _, values in columns), strict=True))]
        yield spans, rows


def _count(values: list[str], first: str, last: str) -> None:
    start, end = int(first.rstrip("L")), int(last)
    if abs(end - start) < MAX_ROWS and len(values) < MAX_ROWS:
        step = 1 if end >= start else -1
        values += map(str, range(start, end + step, step))


def _inline_data(text: str) -> Iterator[Found]:
    """DATA LIST … BEGIN DATA … END DATA (SPSS) and INPUT …; DATALINES; … ; (SAS)."""
    from gateway.extract.text.fixed_width import packed_rows

    at = 0
    while begin := _INLINE.search(text, at):
        end = _END.search(text, begin.end() - 1)
        at = end.end() if end else len(text)
        block = text[begin.end() : end.start() if end else len(text)]
        lines = [line.rstrip() for line in block.split("\n") if line.strip()]
        if len(lines) < 3:
            continue
        block = "\n".join(lines)
        delimiter = rare_delimiter(block, 1)
        usual = next((d for d in ",\t;|" if block.count(d) >= len(lines)), "")
        rows = None
        if not usual and not delimiter and len({len(line) for line in lines}) == 1:
            rows = packed_rows(lines)
        rows = rows or split_rows(block, usual or delimiter or " ")
        before = _NAMES.findall(text, max(0, begin.start() - 5_000), begin.end())
        places = _PLACES.findall(before[-1]) if before else []
        if len(places) >= 2:
            rows = [[name for name, _, _ in places]]
            rows += [
                [line[int(a) - 1 : int(b or a)].strip() for _, a, b in places] for line in lines
            ]
        elif before:
            names = _WORD.findall(_NOTE.sub("", before[-1]))
            names = [name for name in names if name.lower() not in ("a", "f", "free", "list", "$")]
            if len(names) == max(map(len, rows)):
                rows = [names, *rows]
        yield [(begin.end(), end.start() if end else len(text))], rows


def _elements(part: Part, text: str) -> Iterator[Found]:
    """The largest stretch from a tag to its last end."""
    from gateway.extract.text.value_tree import contents_of
    from gateway.extract.text.xml_records import element_values

    first = _XML.search(text)
    if not first:
        return
    end = text.rfind(">") + 1
    value: Any = element_values(f"<text>{text[first.start() : end]}</text>")
    if value is None:
        return
    for content in contents_of(part, value, ReadLimits()):
        if isinstance(content, Table) and len(content.rows) > 2:
            # Other rows may stand between the tags: no line is taken off.
            yield [(first.start(), first.start())], [list(row) for row in content.rows]
