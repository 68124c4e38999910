"""Log lines that say what happened and where, and never to whom.

The words of an error may repeat what somebody typed ("invalid input: …"), so an error is told by its kind and its trail
through the program only. What is told stays one line: nobody writes lines of their own into the log.
"""

import logging
import os
from collections.abc import Iterator
from traceback import format_tb
from types import TracebackType

_ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Discreet(logging.Formatter):
    """Lines without the words of errors, and without signs that would end or colour a line."""

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # another handler may have put the error's words there
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 -- logging's own name
        return "".join(
            sign if sign.isprintable() else ascii(sign)[1:-1] for sign in super().formatMessage(record)
        )

    def formatException(self, ei: _ErrorInfo) -> str:  # noqa: N802 -- logging's own name
        return "\n".join(line for error in _chain(ei[1]) for line in (*_trail(error), named(error)))


class AddressesUntold(logging.Filter):
    """A request is told by the route it took: an address may hold a one-time link, or a number somebody typed there."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if request is not None and isinstance(record.args, tuple):
            route = getattr(getattr(request, "resolver_match", None), "route", None)
            told = "an unknown address" if route is None else f"/{route}"
            record.args = tuple(told if word == request.path else word for word in record.args)
        return True


def named(error: BaseException) -> str:
    """Its kind, with the code a database or the system gave it."""
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    state = getattr(error, "sqlstate", None)
    if isinstance(error, OSError) and error.errno is not None:
        state = os.strerror(error.errno)
    return kind if state is None else f"{kind} ({state})"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """What led to it, the first first."""
    if error is not None:
        yield from _chain(error.__cause__ or (None if error.__suppress_context__ else error.__context__))
        yield error


def _trail(error: BaseException) -> list[str]:
    return [line.rstrip() for line in format_tb(error.__traceback__)]
