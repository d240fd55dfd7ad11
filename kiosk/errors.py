"""What can go wrong, as three kinds.

Exception
├── Refused        the request is impossible; told to the person, in their language
├── Unavailable    the environment failed (disk full, store locked, printer gone); health and retry
└── anything else  a bug: the window sends people to the counter and the process exits 70

Each carries a stable ``code`` (also the HTTP ``code`` and the catalogue key ``refused.<code>`` or
``unavailable.<code>``) and the facts its sentence needs.
"""

from __future__ import annotations


class _Coded(Exception):
    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        facts = " ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code} {facts}".rstrip()


class Refused(_Coded):
    """The person's request is impossible as things stand."""


class Unavailable(_Coded):
    """Something the program needs is not there now; nothing was changed.

    But "store_unsure": the store went away before it said whether a change stands.
    """
