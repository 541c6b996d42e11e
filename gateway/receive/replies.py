"""Everything the gateway itself says to SMTP clients, in one table.

Codes are RFC 5321 section 4.2, enhanced codes RFC 3463 and RFC 5248. No text repeats what the
client sent, and a condition of ours is always a 4xx (law 5).
"""

from __future__ import annotations

from gateway.model.reply import INTERNAL_ERROR, Reply

__all__ = ["INTERNAL_ERROR", "Refused"]


class Refused(Exception):
    """A command that is answered with `reply`; `fault` says whether it counts as an error,
    `close` whether the connection ends with it."""

    def __init__(self, reply: Reply, *, fault: bool = True, close: bool = False) -> None:
        super().__init__(reply.code)
        self.reply = reply
        self.fault = fault
        self.close = close or reply.code == 421


# What is fine
OK = Reply(250, "2.0.0", "OK")
SENDER_OK = Reply(250, "2.1.0", "Sender OK")
BYE = Reply(221, "2.0.0", "Bye")
HELP = Reply(214, "2.0.0", "See RFC 5321")
SEND_DATA = Reply(354, "", "End data with <CR><LF>.<CR><LF>")
CANNOT_VERIFY = Reply(252, "2.5.0", "Cannot verify the user, but will take the message")
READY_FOR_TLS = Reply(220, "2.0.0", "Ready to start TLS")
AUTHENTICATED = Reply(235, "2.7.0", "Authentication successful")

# Syntax and order (RFC 5321 sections 4.1 and 4.3.2)
UNKNOWN_COMMAND = Reply(500, "5.5.1", "Command not recognised")
NOT_TEXT = Reply(500, "5.5.2", "Command is not valid text")
COMMAND_TOO_LONG = Reply(500, "5.5.2", "Command line too long")
BARE_NEWLINE_IN_COMMAND = Reply(521, "5.5.2", "Bare line feed in a command, closing connection")
NOT_IMPLEMENTED = Reply(502, "5.5.1", "Command not implemented")
NO_ARGUMENT = Reply(501, "5.5.4", "This command takes no argument")
NEEDS_ARGUMENT = Reply(501, "5.5.4", "This command needs an argument")
BAD_PARAMETER = Reply(501, "5.5.4", "Malformed or repeated parameter")
UNKNOWN_PARAMETER = Reply(555, "5.5.4", "Parameter not recognised")
SYNTAX_MAIL = Reply(501, "5.5.4", "Syntax: MAIL FROM:<address> [parameters]")
SYNTAX_RCPT = Reply(501, "5.5.4", "Syntax: RCPT TO:<address> [parameters]")
BAD_SENDER = Reply(501, "5.1.7", "Malformed sender address")
BAD_RECIPIENT = Reply(501, "5.1.3", "Malformed recipient address")
NEEDS_SMTPUTF8 = Reply(553, "5.6.7", "Non-ASCII address without SMTPUTF8")
HELO_FIRST = Reply(503, "5.5.1", "Send EHLO or HELO first")
MAIL_FIRST = Reply(503, "5.5.1", "Send MAIL first")
NESTED_MAIL = Reply(503, "5.5.1", "Sender already given")
IN_TRANSACTION = Reply(503, "5.5.1", "Not during a mail transaction")
NO_RECIPIENTS = Reply(554, "5.5.1", "No valid recipients")

# Limits
TOO_MANY_RECIPIENTS = Reply(452, "4.5.3", "Too many recipients")
TOO_MANY_CONNECTIONS = Reply(421, "4.7.0", "Too many connections, try again later")
TOO_MANY_COMMANDS = Reply(421, "4.7.0", "Too many commands, closing connection")
TOO_MANY_ERRORS = Reply(421, "4.7.0", "Too many errors, closing connection")
TOO_MANY_MESSAGES = Reply(421, "4.7.0", "Too many messages in one session, connect again")
TOO_BIG = Reply(552, "5.3.4", "Message is larger than this system accepts")
TIMED_OUT = Reply(421, "4.4.2", "Timeout exceeded, closing connection")
SHUTTING_DOWN = Reply(421, "4.3.2", "Service shutting down, try again later")

# Content (SMTP smuggling; RFC 5321 sections 2.3.8 and 4.1.1.4)
BARE_NEWLINE = Reply(550, "5.6.11", "Bare CR or LF in the message; end every line with CRLF")
NULL_OCTET = Reply(554, "5.6.0", "NUL in the message")
LONG_LINE = Reply(554, "5.6.0", "Line in the message is too long")

# Who may do what
RELAY_DENIED = Reply(554, "5.7.1", "Relay access denied")
TLS_FIRST = Reply(530, "5.7.0", "Send STARTTLS first")
TLS_ACTIVE = Reply(503, "5.5.1", "TLS is active already")
PIPELINED_STARTTLS = Reply(501, "5.5.2", "Nothing may follow STARTTLS, closing connection")
NO_XFORWARD = Reply(550, "5.7.1", "XFORWARD is not open to this client")
NO_WEB_SERVER = Reply(421, "4.7.0", "This is a mail server, closing connection")

# AUTH (RFC 4954 sections 4 and 6)
AUTH_NEEDS_TLS = Reply(538, "5.7.11", "Authentication needs TLS; send STARTTLS first")
AUTH_DONE = Reply(503, "5.5.1", "Already authenticated")
AUTH_UNKNOWN = Reply(504, "5.5.4", "Authentication mechanism not recognised")
AUTH_FAILED = Reply(535, "5.7.8", "Authentication credentials invalid")
AUTH_CANCELLED = Reply(501, "5.7.0", "Authentication cancelled")
AUTH_GARBLED = Reply(501, "5.5.2", "Malformed authentication data")
