"""Contract tests against a stub or a live endpoint."""
