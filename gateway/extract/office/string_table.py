"""The table of strings that the cells of a workbook share."""

from __future__ import annotations

import html
import re

from gateway.extract.element_names import local
from gateway.extract.office.office_xml import children, parse_xml
from gateway.extract.office.sheet_values import unescaped

_STRING = re.compile(r"<si>(?:<t(?:\s[^>]*)?>([^<]*)</t>|(.*?))</si>", re.S)
_PLAIN_STRING = re.compile(r'<si><t(?: xml:space="preserve")?>([^<]*)</t></si>')
_RUN = re.compile(r"<t(?:\s[^>]*)?>([^<]*)</t>")


def read_strings(data: bytes) -> list[str]:
    """The shared string table; by lxml where it is not of the usual shape."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if (simple := _plain_strings(text)) is not None:
        return simple
    start = text.find("<si>")
    plain = _PLAIN_STRING.findall(text) if ":si" not in text else []
    if plain and len(plain) == text.count("<si") and "<!" not in text and "<?" not in text[5:]:
        return _characters(plain, text)
    if (
        start >= 0
        and ":si" not in text
        and "<!" not in text
        and "<?" not in text[5:]
        and "<si/>" not in text
    ):
        found = _STRING.findall(text, start)
        if len(found) == text.count("<si>"):
            out = [plain or ("".join(_RUN.findall(rich)) if rich else "") for plain, rich in found]
            return _characters(out, text)
    root = parse_xml(data)
    return [
        unescaped("".join("".join(t.itertext()) for t in si.iter() if local(t) == "t"))
        for si in children(root, "si")
    ]


def _plain_strings(text: str) -> list[str] | None:
    """Strings of a table in which there is nothing else."""
    text = text.replace('<t xml:space="preserve">', "<t>")
    start, end = text.find("<si><t>"), text.rfind("</t></si>")
    around = text[5:start] + text[end + 9 :]
    if not 0 < start <= end or any(mark in around for mark in ("<!", "<?", "<si", ":sst")):
        return None
    body = text[start + 7 : end]
    strings = body.split("</t></si><si><t>")
    if body.count("<") != 4 * (len(strings) - 1):
        return None
    return _characters(strings, body)


def _characters(strings: list[str], text: str) -> list[str]:
    """Strings as they were typed, `text` being where they stood."""
    if "&" in text:
        strings = [html.unescape(s) if "&" in s else s for s in strings]
    return list(map(unescaped, strings)) if "_x" in text else strings
