"""What stubs cost while they serve, beside other servers; `python -m bench.serving --help` says how."""
