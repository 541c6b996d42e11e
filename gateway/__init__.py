"""A mail relay that knows what a statistical release is."""

import os

__version__ = "0.1.0"

# Before anything loads numpy: its algebra would start a thread for each processor in every process,
# and wait for ever where a confined one may not start any.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
