"""The TLS side of STARTTLS: one server context from the configuration (RFC 3207, RFC 8996)."""

from __future__ import annotations

import ssl

from gateway.config import Tls
from gateway.model.fault import Fault, Faults


def server_context(settings: Tls) -> ssl.SSLContext | None:
    """The context, or None where no certificate is configured. Raises Faults."""
    if settings.certificate is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION
    try:
        context.load_cert_chain(settings.certificate, settings.key)
    except (OSError, ssl.SSLError):
        raise Faults([_fault(settings.certificate, "certificate or key cannot be used")]) from None
    if settings.client_ca is not None:
        # A certificate that is shown must verify; showing none is fine.
        context.verify_mode = ssl.CERT_OPTIONAL
        try:
            context.load_verify_locations(settings.client_ca)
        except (OSError, ssl.SSLError):
            raise Faults([_fault(settings.client_ca, "client CA cannot be used")]) from None
    return context


def _fault(path: object, message: str) -> Fault:
    return Fault(str(path), 0, 0, message, "check receive.tls, and that we may read the files")
