"""Requests and answers, and who carries them."""
