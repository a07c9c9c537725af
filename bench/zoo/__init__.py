"""Every document of a folder through every stage of the generator; `python -m bench.zoo --help` says how."""
