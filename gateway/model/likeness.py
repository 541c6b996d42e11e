"""What one address, title or department is taken for another by.

Nothing here permits anything: likeness adds suspicion and explanation, and a title, a name or an
address that resembles one on the list is not on the list (DOMAIN section 4).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Mapping

Likeness = Literal[
    "alias-of-excluded", "confusable", "tag", "address", "subdomain", "superdomain",
    "left", "previous-holder", "cloned-list", "title", "post", "surname", "twin-department",
    "role-changer",
]  # fmt: skip
"""The most telling kind first."""


@dataclass(frozen=True, slots=True)
class LikeWords:
    """Words and departments that people take for one another, as the department writes them down.

    `means` maps a word of a title, or several joined by spaces, to the one that stands for it;
    `ranks` say how senior a post is and not what it is about; `posts` stand in addresses of posts,
    which are nobody's name. `twins` are departments, by acronym, that are mixed up. All lower case.
    """

    means: Mapping[str, str] = field(default_factory=dict)
    ranks: frozenset[str] = frozenset()
    posts: frozenset[str] = frozenset()
    twins: tuple[frozenset[str], ...] = ()
