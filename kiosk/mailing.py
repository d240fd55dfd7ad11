"""One e-mail by SMTP, with deadlines. What goes over the line is logged nowhere."""

from __future__ import annotations

import base64
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import TYPE_CHECKING, Final, Literal

from kiosk.errors import Unavailable

if TYPE_CHECKING:
    from datetime import datetime

SECONDS: Final = 15.0
"""For each answer of the server."""
_HELLO: Final = "kiosk.invalid"
"""How the program names its machine (RFC 2606): to find its real name may take a minute of DNS."""

_SIGNED_IN: Final = 235


@dataclass(frozen=True, slots=True)
class Mail:
    """Where alerts are sent by e-mail, and how; without ``user`` nobody signs in."""

    to: tuple[str, ...]
    sender: str
    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    user: str = ""
    password: str = field(default="", repr=False)


def send(mail: Mail, subject: str, text: str, at: datetime, seconds: float = SECONDS) -> int:
    """Gives the message to the server; how many of those in ``to`` it does not take, but never all.

    Unavailable: mail_unreachable, mail_silent, mail_certificate, mail_starttls, mail_login,
    mail_refused, mail_garbage (why: never what was sent).
    """
    whole = EmailMessage()
    whole["Subject"] = subject
    whole["From"] = mail.sender
    whole["To"] = ", ".join(mail.to)
    whole["Date"] = format_datetime(at)
    whole["Message-ID"] = make_msgid(domain=mail.sender.rpartition("@")[2])
    # So that no holiday note comes back (RFC 3834).
    whole["Auto-Submitted"] = "auto-generated"
    whole.set_content(text, cte="base64")
    try:
        with _connected(mail, seconds) as line:
            if mail.security == "starttls":
                line.starttls(context=ssl.create_default_context())
            if mail.user:
                _sign_in(line, mail)
            return len(line.send_message(whole, mail.sender, mail.to))
    except (OSError, smtplib.SMTPException, UnicodeError, ValueError) as error:
        raise Unavailable(_code(error), why=_why(error)) from error


def _connected(mail: Mail, seconds: float) -> smtplib.SMTP:
    if mail.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(mail.host, mail.port, _HELLO, timeout=seconds, context=context)
    return smtplib.SMTP(mail.host, mail.port, _HELLO, timeout=seconds)


def _sign_in(line: smtplib.SMTP, mail: Mail) -> None:
    if mail.password.isascii():
        line.login(mail.user, mail.password)
        return
    # The library knows ASCII alone; servers take UTF-8 (RFC 4616).
    known = base64.b64encode(f"\0{mail.user}\0{mail.password}".encode()).decode()
    line.ehlo_or_helo_if_needed()
    code, _ = line.docmd("AUTH", f"PLAIN {known}")
    if code != _SIGNED_IN:
        raise smtplib.SMTPAuthenticationError(code, b"")


def _code(error: BaseException) -> str:
    cause = error.__context__
    match error:
        case ssl.SSLCertVerificationError():
            return "mail_certificate"
        case TimeoutError():
            return "mail_silent"
        case smtplib.SMTPNotSupportedError():
            return "mail_starttls" if "STARTTLS" in str(error) else "mail_login"
        case smtplib.SMTPAuthenticationError():
            return "mail_login"
        case (
            smtplib.SMTPRecipientsRefused() | smtplib.SMTPSenderRefused() | smtplib.SMTPDataError()
        ):
            return "mail_refused"
        case smtplib.SMTPServerDisconnected():
            return "mail_silent" if isinstance(cause, TimeoutError) else "mail_unreachable"
        case smtplib.SMTPException() | ssl.SSLError() | UnicodeError() | ValueError():
            return "mail_garbage"
        case _:
            return "mail_unreachable"


def _why(error: BaseException) -> str:
    """The status or the system's word; what a server answers may hold what it was told."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"SMTP {error.smtp_code}"
    known = None if isinstance(error, smtplib.SMTPException) else getattr(error, "strerror", None)
    return str(known or type(error).__name__)
