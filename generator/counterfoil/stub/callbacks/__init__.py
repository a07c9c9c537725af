"""Requests that a stub makes itself: callbacks of operations, and webhooks."""
