"""Tokens: of the form that is asked for, nearly the right one, and where they are fetched from."""
