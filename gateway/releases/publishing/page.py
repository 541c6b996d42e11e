"""The published list as a page of the web that screen readers can read (WCAG 2.2: H39, H51, H63)."""

from __future__ import annotations

from html import escape

from gateway.releases.publishing.listing import HEADS, Published


def as_page(listing: Published) -> str:
    """A whole page: one heading, one table with a caption and heads of rows and columns."""
    heads = "\n".join(f'        <th scope="col">{escape(head)}</th>' for head in HEADS)
    rows = "\n".join(map(_row, listing.rows))
    return f"""<!DOCTYPE html>
<html lang="en-GB">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>{escape(listing.title)}</title>
</head>
<body>
  <main>
  <h1>{escape(listing.title)}</h1>
  <p>{escape(listing.sentence)}</p>
  <table>
    <caption>Who has access before publication, by job title</caption>
    <thead>
      <tr>
{heads}
      </tr>
    </thead>
    <tbody>
{rows}
    </tbody>
  </table>
  </main>
</body>
</html>
"""


def _row(row: tuple[str, ...]) -> str:
    title, *rest = row
    cells = [f'        <th scope="row">{escape(title)}</th>']
    cells += [f"        <td>{escape(cell)}</td>" for cell in rest]
    return "\n".join(["      <tr>", *cells, "      </tr>"])
