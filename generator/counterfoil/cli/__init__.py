"""The command `counterfoil`. Each command imports what it needs when it runs, so that help answers at once."""

from typing import Any

import click

from counterfoil import __version__
from counterfoil.cli.console import report
from counterfoil.cli.explain import explain
from counterfoil.cli.generate import generate
from counterfoil.cli.serve import serve
from counterfoil.cli.test import test
from counterfoil.cli.vendor import vendor
from counterfoil.location import CounterfoilError

BAD_INPUT = 2


class _Group(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; a person's mistake is told by its diagnostics and exit code 2."""
        try:
            return super().invoke(ctx)
        except CounterfoilError as error:
            report(error.diagnostics)
            ctx.exit(BAD_INPUT)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, message="%(prog)s %(version)s")
def main() -> None:
    """Contracts, models, stubs and contract tests from the API documentation that vendors publish.

    Exit codes: 0 fine, 1 a check failed or a contract was violated, 2 bad input or usage.
    """


for command in (generate, serve, test, explain, vendor):
    main.add_command(command)
