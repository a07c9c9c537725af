"""No answer tells what a server looks like inside: where in its code it failed, or what its database said."""

import re

from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.wire.exchange import Exchange

NAME = "no_internals"

_LOOKED_AT = 64 * 1024  # bytes of a body

# What is told, a text that is always in it, since looking for that takes no time, and how it is written, within a text
# of JSON, too. Every repetition has an end: a body may be all white space.
_TOLD: tuple[tuple[str, bytes, re.Pattern[bytes]], ...] = tuple(
    (what, mark, re.compile(form))
    for what, mark, form in (
        ("a stack trace", b"Traceback (most recent call last)", rb"Traceback \(most recent call last\)"),
        ("a stack trace", b", line ", rb'File \\?"[^"\n]{1,300}", line \d+'),
        ("a stack trace", b" at ", rb"(?:\n|\\n|\\r)(?:[ \t]|\\t){0,40}at [^\n\\]{1,300}?:\d+\)?"),
        ("a stack trace", b"goroutine ", rb"goroutine \d+ \[\w+\]"),
        ("an exception of Java", b"java.lang.", rb"java\.lang\.\w+(?:Exception|Error)"),
        ("an exception of .NET", b"System.", rb"System\.(?:\w{1,60}\.){0,8}\w{0,60}Exception"),
        ("an error of a database", b"SQL", rb"SQLSTATE|error in your SQL syntax|SQLITE_[A-Z]+|PSQLException"),
        ("an error of a database", b"syntax error at or near", rb"syntax error at or near"),
        ("an error of a database", b"ORA-", rb"ORA-\d{5}"),
        ("an error of a database", b"violates ", rb"violates (?:unique|foreign key|not-null|check) constraint"),
    )
)


class Internals:
    """Looks for traces of code and databases in all answers."""

    names = (NAME,)

    def see(self, exchange: Exchange, report: Report) -> None:
        """Note an answer that has some, unless the request had the same."""
        if NAME in exchange.operation.switched_off:
            return
        body = exchange.response.body[:_LOOKED_AT]
        for what, mark, form in _TOLD:
            if mark in body and (found := form.search(body)) and found[0] not in exchange.request.body:
                shown = found[0].decode("utf-8", "replace").strip()
                summary = f"{exchange.response.status} tells {what}"
                report.add(exchange, NAME, summary, "nothing of the server's inside", shown)
                return

    def finish(self, report: Report) -> None:
        """Nothing is left to say."""
