"""The command `counterfoil`. Each command is imported when it is asked for, and imports what it needs when it runs."""

import errno
import signal
from importlib import import_module
from typing import Any

import click

from counterfoil import __version__
from counterfoil.cli.console import report, tell_defect
from counterfoil.cli.exit_codes import BAD_INPUT, DEFECT, SIGNALLED
from counterfoil.location import CounterfoilError

COMMANDS = ("generate", "serve", "test", "drift", "explain", "vendor")


class _Group(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click passes it
        """The names of all commands, in the order of help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click passes it
        """The command of that name, which its module defines under the same name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"{__name__}.commands.{cmd_name}"), cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what ends it otherwise than it should is told, and has an exit code of its own."""
        try:
            return super().invoke(ctx)
        except CounterfoilError as error:
            report(error.diagnostics)
            ctx.exit(BAD_INPUT)
        except KeyboardInterrupt:
            ctx.exit(SIGNALLED + signal.SIGINT)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if isinstance(error, OSError) and error.errno == errno.EPIPE:
                raise  # click ends quietly where nobody reads any more
            tell_defect(error)
            ctx.exit(DEFECT)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, message="%(prog)s %(version)s")
def main() -> None:
    """Contracts, models, stubs and contract tests from the API documentation that vendors publish.

    Exit codes: 0 fine, 1 a check failed or a contract was violated, 2 bad input or usage, 3 counterfoil itself failed,
    128 and the number of a signal that ended it.
    """
