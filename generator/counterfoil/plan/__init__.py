"""Decide once what templates print: names, types, routes. `Contract` → `Plan`, frozen plain data."""
