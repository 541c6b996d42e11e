"""Contents -> findings, mentions and gaps: markings, embargo banners, microdata, releases named."""

from gateway.detect.context import Context, Detected, DetectorSpec
from gateway.detect.detectors import Detectors

__all__ = ["Context", "Detected", "DetectorSpec", "Detectors"]
