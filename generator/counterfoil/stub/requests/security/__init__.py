"""Credentials: whether a request has those that an operation wants, and what it is told if not."""
