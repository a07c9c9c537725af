"""Handlers that people write themselves, in files that nothing generates."""
