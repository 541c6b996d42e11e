"""A workbook of 15,000 x 44 unit records, and one of as many figures: the gateway's verdict beside
the bare reading by openpyxl and calamine, each in a process of its own.

`python -m benchmarks.workbook [ROWS COLUMNS]` writes the workbooks to a temporary folder and prints
CPU milliseconds (the median, the least and the most of several rounds) and peak memory. The
gateway's time is that of a warm sandbox child: extraction and every detector; the others only turn
cells into Python values. One workbook is respelt: legal XML as few programs write it; another has
one row of a million columns.
"""

from __future__ import annotations

import datetime as dt
import random
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any, Callable, Iterator

import openpyxl
import xlsxwriter

_FIRST = "Ada Emma John Omar Grace Liam Noah Olivia Priya Wei Zoe Hugh".split()
_LAST = "Brook Carr Moss Patel Quinn Stone Vale West Young Zhou".split()
_REGIONS = ("North East", "North West", "London", "Wales", "Scotland", "South East")
_ROUNDS = {"gateway": 7, "openpyxl": 1, "calamine": 5}
_SHEET = "xl/worksheets/sheet1.xml"
_ANSWERS = ("Yes", "No", "Do not know", "Refused")


def records(rows: int, columns: int) -> Iterator[list[Any]]:
    """Persons with a key, a name, a postcode, dates, and answers of several kinds."""
    source = random.Random(7)
    heads = ["id", "name", "postcode", "date_of_birth", "sex", "region", "interviewed"]
    yield heads + [f"q{number}" for number in range(columns - len(heads))]
    answers: tuple[Callable[[], Any], ...] = (
        lambda: source.randrange(1, 6),
        lambda: round(source.random() * 1000, 2),
        lambda: source.choice(_ANSWERS),
        lambda: source.randrange(2),
        lambda: source.randrange(10_000, 99_999),
        lambda: source.randrange(1, 100) if source.random() > 0.02 else None,
    )
    for number in range(rows):
        yield [
            100_000 + number,
            f"{source.choice(_FIRST)} {source.choice(_LAST)}{source.randrange(300)}",
            f"{source.choice('ABEH')}{source.choice('ABDE')}{source.randrange(1, 20)} "
            f"{source.randrange(1, 10)}{source.choice('ABDE')}{source.choice('LNQT')}",
            dt.date(1940, 1, 1) + dt.timedelta(source.randrange(25_000)),
            source.choice(("Male", "Female")),
            source.choice(_REGIONS),
            dt.datetime(2018, 1, 1) + dt.timedelta(minutes=source.randrange(500_000)),
            *(answers[at % 6]() for at in range(columns - len(heads))),
        ]


def figures(rows: int, columns: int) -> Iterator[list[Any]]:
    """A table of areas by year, under its title."""
    source = random.Random(3)
    yield ["Table 1: Population by area and year, thousands"]
    yield ["Area code", "Area", *(str(1980 + at) for at in range(columns - 2))]
    for number in range(rows):
        values = (round(source.random() * 1000, 1) for _ in range(columns - 2))
        yield [f"E0{1_000_000 + number}", f"Area {number}", *values]


def write(path: Path, rows: Iterator[list[Any]], writer: str) -> None:
    """By the writer named: XlsxWriter shares strings, openpyxl writes them into the cells."""
    if writer == "openpyxl":
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("Data")
        for row in rows:
            sheet.append(row)
        book.save(path)
        return
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Data")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, dt.date):
                    timed = isinstance(value, dt.datetime)
                    sheet.write_datetime(at, column, value, moment if timed else day)
                elif value is not None:
                    sheet.write(at, column, value)


def respell(source: Path, target: Path, change: Callable[[bytes], bytes]) -> None:
    """The workbook with its first sheet written in another way."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", 8, compresslevel=6) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == _SHEET else content)


def unusual(sheet: bytes) -> bytes:
    """Names with a prefix, tags on lines of their own, and cells that do not say where they are."""
    sheet = re.sub(rb'<c r="[A-Z]+[0-9]+"', b"<c", sheet)
    sheet = re.sub(rb"<(/?)(?=[a-z])", rb"<\1x:", sheet).replace(b" xmlns=", b" xmlns:x=", 1)
    return re.sub(rb"(?=<x:(?:row|c|v)\b)", b"\n  ", sheet)


def one_wide_row(sheet: bytes) -> bytes:
    """A million cells side by side."""
    row = b'<row r="1">%b</row>' % b"".join(b"<c><v>%d</v></c>" % at for at in range(1_000_000))
    head, _, rest = sheet.partition(b"<sheetData>")
    return head + b"<sheetData>" + row + rest[rest.index(b"</sheetData>") :]


def by_gateway(path: Path) -> str:
    """The report of a part by a process that has read another workbook before."""
    from gateway.detect import Context, DetectorSpec
    from gateway.model.limits import ReadLimits
    from gateway.model.message import Part
    from gateway.pipeline import PartReader, ReaderSpec

    reader = PartReader(ReaderSpec(DetectorSpec(), ReadLimits()))
    context = Context(dt.datetime.now(dt.UTC), None, "Europe/London")

    def report(content: bytes) -> Any:
        kind = "application/octet-stream"
        return reader.report(Part("1", kind, "attachment", content, "x.xlsx"), context)

    report(path.with_name("small.xlsx").read_bytes())
    content = path.read_bytes()
    started = process_time()
    found = report(content)
    return f"{(process_time() - started) * 1000:.0f} {found.facts.verdict or '-'}"


def by_openpyxl(path: Path) -> str:
    """Every cell's value, in its read-only mode."""
    started = process_time()
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    cells = sum(len(row) for sheet in book for row in sheet.iter_rows(values_only=True))
    return f"{(process_time() - started) * 1000:.0f} {cells}"


def by_calamine(path: Path) -> str:
    """Every cell's value."""
    from python_calamine import CalamineWorkbook

    started = process_time()
    book = CalamineWorkbook.from_path(str(path))
    cells = sum(len(r) for n in book.sheet_names for r in book.get_sheet_by_name(n).to_python())
    return f"{(process_time() - started) * 1000:.0f} {cells}"


READERS = {"gateway": by_gateway, "openpyxl": by_openpyxl, "calamine": by_calamine}


def measure(reader: str, path: Path) -> tuple[str, str, float]:
    """Milliseconds, what came of it, and the peak of a fresh process in megabytes."""
    command = [sys.executable, "-m", "benchmarks.workbook", "--one", reader, str(path)]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return out[0], out[1], int(out[2]) / 1024


def _peak_kilobytes() -> int:
    """Of this process alone: getrusage counts what the parent held at the fork."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0])


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--one"]:
        said = READERS[arguments[1]](Path(arguments[2]))
        print(said, _peak_kilobytes())
        return
    rows, columns = map(int, arguments or ("15000", "44"))
    with tempfile.TemporaryDirectory() as folder:
        books = {
            "unit records": (records, "xlsxwriter"),
            "unit records, inline": (records, "openpyxl"),
            "figures": (figures, "xlsxwriter"),
        }
        write(Path(folder, "small.xlsx"), records(50, columns), "xlsxwriter")
        print(f"{'workbook':22}{'MB':>5}  {'reader':9}{'CPU ms':>7}{'least':>6}{'most':>6}", end="")
        print(f"{'peak MB':>9}  result")
        for name, (make, writer) in books.items():
            path = Path(folder, f"{name}.xlsx")
            write(path, make(rows, columns), writer)
            for reader in READERS:
                show(name, reader, path)
        for name, change in {
            "figures, respelt": unusual,
            "a million columns": one_wide_row,
        }.items():
            path = Path(folder, f"{name}.xlsx")
            respell(Path(folder, "figures.xlsx"), path, change)
            show(name, "gateway", path)


def show(name: str, reader: str, path: Path) -> None:
    """One line of the table."""
    took = [measure(reader, path) for _ in range(_ROUNDS[reader])]
    times = sorted(int(one[0]) for one in took)
    peak = max(one[2] for one in took)
    print(f"{name:22}{path.stat().st_size / 1e6:5.1f}  {reader:9}{median(times):7.0f}", end="")
    print(f"{times[0]:6}{times[-1]:6}{peak:9.0f}  {took[0][1]}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
