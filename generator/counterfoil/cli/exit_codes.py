"""What the exit codes of `counterfoil` mean."""

FINE = 0
FOUND = 1
"""A contract is not kept, or what was generated is not current."""
BAD_INPUT = 2
"""Something is wrong with the command or what it was given."""
DEFECT = 3
"""counterfoil itself failed."""
SIGNALLED = 128
"""To this the number of the signal is added that ended the command, as shells do: 130 for Ctrl+C, 143 for SIGTERM."""
