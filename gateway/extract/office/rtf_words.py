"""Control words of RTF (specification 1.9.1) that decide where text goes and how it is written."""

from __future__ import annotations

# Text of these groups stands in a place of its own; True: people do not see it on the page.
PLACES: dict[str, tuple[str, bool]] = {
    **dict.fromkeys(
        ("header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf"),
        ("headers and footers", False),
    ),
    "footnote": ("footnotes", False), "annotation": ("comments", True),
    "atnauthor": ("comments", True), "atnid": ("comments", True), "shptxt": ("text boxes", False),
    "dptxbxtext": ("text boxes", False), "fldinst": ("fields", True), "datafield": ("settings", True),
    "bkmkstart": ("bookmarks", True), "bkmkend": ("settings", True), "sv": ("shape properties", True),
    "sn": ("settings", True), "stylesheet": ("styles", True), "revtbl": ("authors of changes", True),
    "docvar": ("document variables", True), "xmlnstbl": ("other groups", True),
    "oldcprops": ("settings", True), "oldpprops": ("settings", True), "formfield": ("form fields", True),
    "listtext": ("text", False), "pntext": ("text", False), "fldrslt": ("text", False),
    "ud": ("text", False), "upr": ("text", False), "shpinst": ("text", False),
    "shp": ("text", False), "result": ("text", False), "objname": ("objects", True),
    "objclass": ("objects", True), "objalias": ("objects", True), "htmltag": ("html", False),
    "background": ("text", False), "do": ("text", False), "objattph": ("settings", True),
    "xe": ("index entries", True), "tc": ("index entries", True), "txe": ("index entries", True),
    "ftnsep": ("settings", True), "ftnsepc": ("settings", True), "aftnsep": ("settings", True), "aftnsepc": ("settings", True),
    "shppict": ("text", False), "nonshppict": ("text", False),
    **dict.fromkeys(
        ("colortbl", "listtable", "listoverridetable", "rsidtbl", "generator", "latentstyles",
         "panose", "blipuid", "pnseclvl", "mmathPr", "pgptbl", "fontemb", "creatim", "revtim",
         "printim", "buptim", "wgrffmtfilter", "atnref", "atndate", "atrfstart", "atrfend",
         "ffres", "pgdsctbl", "pgdsc", "fchars", "lchars"),
        ("settings", True),
    ),
}  # fmt: skip
# Groups of hex digits: pictures, embedded files, the document's data store.
HEX = frozenset(("pict", "objdata", "datastore", "fontfile", "themedata", "colorschememapping"))
PROPERTIES = frozenset(
    ("title", "subject", "author", "manager", "company", "operator", "category", "keywords",
     "comment", "doccomm", "hlinkbase", "propname", "staticval", "linkval")
)  # fmt: skip
CHARACTERS = {
    "par": "\n", "line": "\n", "sect": "\n", "page": "\n", "column": "\n", "tab": "\t",
    "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•",
    "endash": "–", "emdash": "—", "emspace": " ", "enspace": " ", "qmspace": " ", "zwj": "",
    "zwnj": "", "softline": "\n", "nestcell": "\t", "nestrow": "\n",
}  # fmt: skip
SYMBOLS = {b"~": " ", b"_": "-", b"-": "", b"\\": "\\", b"{": "{", b"}": "}",
           b"\n": "\n", b"\r": "\n", b"\t": "\t"}  # fmt: skip
# \fcharset to code page.
CHARSETS = {77: "mac-roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "big5",
            161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256",
            186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 255: "cp437"}  # fmt: skip
CODE_PAGES = {"ansi": "cp1252", "mac": "mac-roman", "pc": "cp437", "pca": "cp850"}
