"""Values that are valid by a contract, and values that differ from them in one place."""
