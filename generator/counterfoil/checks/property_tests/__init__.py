"""Requests that schemathesis makes."""
