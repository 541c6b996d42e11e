"""Records that programs wrote into running text: SQL, JSON, Python, R, XML, data in syntax files.

Each language is looked for only where its own signs stand, so that prose costs a few searches.
What is found is offered to the judge as a table; the words are read with the text around it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Any, Iterator

from gateway.extract.text.delimited import Rows, split_rows
from gateway.extract.text.rare_delimiters import rare_delimiter
from gateway.model.content import Table
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

Found = tuple[list[tuple[int, int]], Rows] | Gap
MAX_ROWS = 200_000
MAX_VECTORS = 2_000
# What "1:999999" may stand for in one text, all together.
MAX_COUNTED = 400_000
# Signs that may be looked at in vain, for each sign of the text, until records are given up.
PATIENCE, LEAST_PATIENCE = 10, 100_000
# Objects with no more than so many signs between them belong together, as in lines of a log.
_APART = 200
_LEAST_VALUE = 8
# Brackets and stops that end a statement.
_REST = 3
_NESTED = 100
_WINDOW = 2_000
_OPENS = ('{"', "{'", "[[", "[{", "[(", "[\n", "{\n", "[ {", "{ ")
_VALUE = re.compile(r"""[\[{]\s*(?:["'\[{(]|-?\d)""")
_INSERT = re.compile(
    r"insert\s{1,20}(?:\w{1,20}\s{1,20}){0,3}into\s{1,20}[^\s(]{1,200}\s{0,20}(\([^()]{0,20000}\))?\s{0,20}values\s{0,20}(?=\()",
    re.I,
)
_SQL = re.compile(r"\s*(?:(\()|([,)])|N?'((?:[^']|'')*+)'|([^\s,()';][^,()';]*)|(;))")
_VECTOR = re.compile(
    r"(?:((?<![\w.])[\w.]{1,100}+|`[^`\n]{1,200}`|\"[^\"\n]{1,200}\")\s{0,9}(?:=|<-)\s{0,9})(?:structure\(|factor\(|as\.\w+\()?(?:c\(|(-?\d{1,9}):(-?\d{1,9}))"
)
_ITEM = re.compile(
    r"""\s*(?:[\w.]{1,60}\s*=\s*)?(?:"((?:[^"\\]|\\.)*+)"|'((?:[^'\\]|\\.)*+)'|(-?\d{1,9}L?):(-?\d{1,9})L?(?=\s*[,)])|([^,()"'\s]{1,60}))\s*([,)])"""
)
_INLINE = re.compile(
    r"(?:\b(?:begin\s{1,9}data|datalines4?|cards4?|lines)\b[ \t]{0,9}[.;]?)[ \t]{0,99}\n", re.I
)
_END = re.compile(r"\n[^\S\n]{0,99}(?:end\s{1,9}data|;{1,4}|run\s*;)", re.I)
_HEAD = re.compile(r"\binput\b|\bdata\s{1,9}list\b[^/\n]{0,200}/", re.I)
_HEAD_END = re.compile(r"[;/]|\.\s{0,99}\n|\n[^\S\n]{0,99}begin", re.I)
_WORD = re.compile(r"[A-Za-z_@#$][\w@#$.]*")
_PLACES = re.compile(r"([A-Za-z_][\w.]{0,63})\s{1,9}\$?\s{0,9}(\d{1,4})(?:\s?-\s?(\d{1,4}))?")
_NOTE = re.compile(r"\([^()]{0,40}\)")
_LINE_END = re.compile("\n")
_XML = re.compile(r"<([A-Za-z_][\w:.-]{0,80})[\s>]")
_PYTHON = re.compile(
    r"""'([^'\\]*+(?:\\.[^'\\]*+)*+)(?:'|\\?\Z)|"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|\bTrue\b|\bFalse\b|\bNone\b|\bnan\b|[()]|,(?=\s*[\])}])""",
    re.S,
)
# Brackets, and strings to step over; one that does not end soon is none.
_BRACKET = re.compile(r"""(['"])(?:(?!\1)[^\\]|\\.){0,2000}+(\1)?|([\[{(])|[\])}]""", re.S)
_WORDS = {
    "True": "true",
    "False": "false",
    "None": "null",
    "nan": "null",
    "(": "[",
    ")": "]",
    ",": "",
}


def written_tables(part: Part, text: str, where: str) -> Iterator[tuple[set[int], Table | Gap]]:
    """Each set of records, with the lines that it is written on and nothing else stands on; a Gap
    where there is more that looks like records than can be tried."""
    begins: list[int] = []
    for found in _found(part, text):
        if isinstance(found, Gap):
            yield set(), found
            continue
        spans, rows = found
        if len(rows) < 2:
            continue
        if not begins:
            begins = [0, *(match.end() for match in _LINE_END.finditer(text))]
        lines: set[int] = set()
        for start, end in spans:
            lines.update(_own_lines(text, begins, start, end))
        first, last = (bisect_right(begins, at) for at in (spans[0][0], spans[-1][1]))
        place = f"lines {first}–{last}"
        location = part.location.at(f"{where}, {place}" if where else place)
        yield lines, Table(location, rows, total_rows=len(rows), form="records")


def _own_lines(text: str, begins: list[int], start: int, end: int) -> range:
    """The lines from `start` to `end`, without those on which other words stand."""
    first, last = bisect_right(begins, start) - 1, bisect_right(begins, end) - 1
    stop = begins[last + 1] if last + 1 < len(begins) else len(text)
    if len(text[end:stop].strip()) > _REST:
        last -= 1
    if text[begins[first] : start].strip():
        first += 1
    return range(first, last + 1)


def _found(part: Part, text: str) -> Iterator[Found]:
    if ("{" in text or "[" in text) and any(map(text.__contains__, _OPENS)):
        yield from _values(part, text)
    lowered = text.lower()
    if "(" in text:
        if "insert" in lowered and "values" in lowered:
            yield from _inserts(text)
        if "c(" in text:
            yield from _vectors(part, text)
    # The statements of SAS end in a semicolon, those before its data, too.
    statements = ";" in text and ("lines" in lowered or "cards" in lowered)
    if statements or "begin data" in lowered:
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
    """JSON as it stands, one value behind the other or in lines of a log, or what Python prints."""
    from gateway.extract.text.json_records import parse_values

    at, patience = 0, PATIENCE * len(text) + LEAST_PATIENCE
    spans: list[tuple[int, int]] = []
    objects: list[Any] = []
    while match := _VALUE.search(text, at):
        start = match.start()
        values, end, cost = parse_values(text, start, _WINDOW)
        if not values:
            values, end, more = _python_values(text, start)
            cost += more
        patience -= cost
        if patience < 0:
            yield Gap(part.location, "limit", "more brackets than are searched for records")
            break
        at = max(end, start + 1)
        if not values or end - start < _LEAST_VALUE:
            continue
        if spans and (text[start] != "{" or start - spans[-1][1] > _APART):
            yield from _tables_of(part, objects, spans, len(text))
            spans, objects = [], []
        if text[start] == "{":
            spans.append((start, end))
            objects += values
        else:
            yield from _tables_of(part, values, [(start, end)], len(text))
    if objects:
        yield from _tables_of(part, objects, spans, len(text))


def _tables_of(
    part: Part, values: list[Any], spans: list[tuple[int, int]], size: int
) -> Iterator[Found]:
    """What is no table among `values` is read with the words around it."""
    from gateway.extract.text.value_tree import contents_of

    # Nothing that is written out has more cells than signs.
    limits = ReadLimits(cells=size)
    for content in contents_of(part, values[0] if len(values) == 1 else values, limits):
        if isinstance(content, Gap):
            yield content
        elif isinstance(content, Table) and len(content.rows) > 2:
            yield spans, [list(row) for row in content.rows]
            spans = spans[:1]


def _python_values(text: str, at: int) -> tuple[list[Any], int, int]:
    """Lists, tuples and dictionaries as Python prints them, one behind the other; where they end,
    and how many signs it took to see that."""
    from gateway.extract.text.json_records import end_of_gap, parse_values

    values: list[Any] = []
    end, cost = at, 0
    while at < len(text) and text[at] in "[{(":
        stop, reach = _literal_end(text, at)
        cost += 2 * (reach - at)
        if stop < 0:
            break
        found, _, more = parse_values(_PYTHON.sub(_as_json, text[at:stop]), 0, 0)
        cost += 3 * (stop - at) + more
        if not found:
            break
        values += found
        end, at = stop, end_of_gap(text, stop)
    return values, end, cost + 200


def _literal_end(text: str, at: int) -> tuple[int, int]:
    """Where the bracket at `at` is closed, -1 if nowhere; and how far was looked."""
    depth = 0
    reach = at
    for token in _BRACKET.finditer(text, at):
        reach = token.end()
        if token[3]:
            depth += 1
            if depth > _NESTED:
                break
        elif not token[1]:
            depth -= 1
            if depth == 0:
                return reach, reach
        elif not token[2]:
            break
    else:
        reach = len(text)
    return -1, reach


def _as_json(token: re.Match[str]) -> str:
    if token[1] is not None:
        inner = token[1].replace('"', '\\"').replace("\\'", "'")
        return f'"{inner}"'
    return _WORDS.get(token[0], token[0])


def _vectors(part: Part, text: str) -> Iterator[Found]:
    """Columns as R writes them: `structure(list(a = c(...), b = 1:9), ...)`, data.frame(...)."""
    columns: list[tuple[str, list[str]]] = []
    spans: list[tuple[int, int]] = []
    at, left = 0, MAX_COUNTED
    while match := _VECTOR.search(text, at):
        at = match.end()
        values: list[str] = []
        if match[2]:
            left -= _count(values, match[2], match[3], left)
        else:
            while item := _ITEM.match(text, at):
                at = item.end()
                if item[3]:
                    left -= _count(values, item[3], item[4], left)
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
        if left < 0 or len(columns) > MAX_VECTORS:
            yield Gap(part.location, "limit", "more numbers in vectors than are written out")
            break
    if len(columns) >= 2:
        heads = [name for name, _ in columns]
        rows = [heads, *map(list, zip(*(values for _, values in columns), strict=True))]
        yield spans, rows


def _count(values: list[str], first: str, last: str, left: int) -> int:
    """The numbers that a range stands for, and how many; more than `left` are not written out."""
    start, end = int(first.rstrip("L")), int(last)
    many = abs(end - start) + 1
    if many <= left:
        step = 1 if end >= start else -1
        values += map(str, range(start, end + step, step))
    return many


def _inline_data(text: str) -> Iterator[Found]:
    """DATA LIST … BEGIN DATA … END DATA (SPSS) and INPUT …; DATALINES; … ; (SAS)."""
    from gateway.extract.text.fixed_width import packed_rows

    at = 0
    while begin := _INLINE.search(text, at):
        behind = max(at, begin.start() - 5_000)
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
        before = _names_in(text[behind : begin.end()])
        places = _PLACES.findall(before)
        if len(places) >= 2:
            rows = [[name for name, _, _ in places]]
            rows += [
                [line[int(a) - 1 : int(b or a)].strip() for _, a, b in places] for line in lines
            ]
        elif before:
            names = _WORD.findall(_NOTE.sub("", before))
            names = [name for name in names if name.lower() not in ("a", "f", "free", "list", "$")]
            if len(names) == max(map(len, rows)):
                rows = [names, *rows]
        yield [(begin.end(), end.start() if end else len(text))], rows


def _names_in(text: str) -> str:
    """What the last statement says that names variables."""
    names = ""
    at = 0
    end = None
    while head := _HEAD.search(text, at):
        if end is None or end.start() <= head.end():
            end = _HEAD_END.search(text, head.end() + 1)
        if end is None:
            break
        at = head.end()
        if end[0] != "/":
            names, at = text[head.end() : end.start()], end.end()
    return names


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
    for content in contents_of(part, value, ReadLimits(cells=len(text))):
        if isinstance(content, Gap):
            yield content
        elif isinstance(content, Table) and len(content.rows) > 2:
            # Other rows may stand between the tags: no line is taken off.
            yield [(first.start(), first.start())], [list(row) for row in content.rows]
