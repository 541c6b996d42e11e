"""Tells unit records from tables of counts, and says why."""

from gateway.detect.microdata.judge import identifier_columns, judge
from gateway.detect.microdata.verdict import Signal, TableVerdict
from gateway.detect.microdata.weights import SHIPPED, Weights, read_weights

__all__ = [
    "SHIPPED",
    "Signal",
    "TableVerdict",
    "Weights",
    "identifier_columns",
    "judge",
    "read_weights",
]
