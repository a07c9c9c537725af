"""Contracts, models, stubs and contract tests from the API documentation that vendors publish."""

__version__ = "0.1.0"
