"""The flags of Stoplight Prism that `counterfoil serve --like-prism` understands beside its own."""

import re

import click

# What each comes to here; those that come to nothing concern how Prism runs, or how it makes values up.
FLAGS: tuple[tuple[str, list[str]], ...] = (
    (r"--cors(?:=true)?", ["--cors"]),
    (r"--cors=false|--no-cors", ["--no-cors"]),
    (r"(-d|--dynamic|--errors)(?:=true)?", [r"\1"]),
    (r"(?:-d|--dynamic|--errors)=false|-m|--(?:no-)?multiprocess(?:=.*)?|--json-schema-faker-.*=.*", []),
)


class PrismFlags(click.Command):
    """A command that is given flags of Prism together with `--like-prism`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments with Prism's flags as ours."""
        if "--like-prism" in args:
            args = [other for argument in args for other in _ours(argument)]
        return super().parse_args(ctx, args)


def _ours(argument: str) -> list[str]:
    for pattern, ours in FLAGS:
        if match := re.fullmatch(pattern, argument):
            return [match.expand(each) for each in ours]
    return [argument]
