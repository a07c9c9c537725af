"""Tests of a server that others use: what may be asked, how much of it, and what is left as it was."""
