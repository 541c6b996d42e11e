"""The register of a configuration: the files that it names, as they are on disk now.

The one place that knows which keys of the configuration the register depends on.
"""

from __future__ import annotations

from collections.abc import Mapping

from gateway.config import Config
from gateway.model.register import Register
from gateway.releases import LawFiles, load_register


def read_lists(config: Config, versions: Mapping[str, bytes] | None = None) -> Register:
    """Releases, lists and laws; `versions` are texts to read in place of the release files.

    Raises Faults with every fault of every file.
    """
    rules, department = config.rules, config.department
    return load_register(
        rules.releases, rules.domains, department.zone, department.domains, versions,
        LawFiles(rules.regimes, rules.holidays, department.regime),
    )  # fmt: skip
