"""From schemas to the annotations and definitions that accept the same."""
