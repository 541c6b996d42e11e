"""Where the open corpus lies: GATEWAY_CORPUS, or beside the project. It is no part of it, and tests
that look into it are skipped where it is absent."""

from __future__ import annotations

import os
from pathlib import Path

_BESIDE = Path(__file__).resolve().parents[3] / "shared" / "corpus"
CORPUS = Path(os.environ.get("GATEWAY_CORPUS", _BESIDE))
MESSAGES = CORPUS / "mime" / "files"
TABLES = CORPUS / "tables"
