"""What generated stubs import at run time. Imports nothing of the generator: serving must start fast."""
