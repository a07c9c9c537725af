"""Requests made from the schemas, always the same; each differs from a valid one in one thing."""
