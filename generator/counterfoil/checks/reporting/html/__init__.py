"""Reports as one page of HTML that works from a file: nothing is fetched, and no text of a server is markup."""

from counterfoil.checks.reporting.html.page import to_html

__all__ = ["to_html"]
