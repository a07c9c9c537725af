"""Faults seeded into stubs, found by the contract tests and by schemathesis alone; `make faults` shows the table."""
