"""What answers tell of objects: their identifiers, times and constants."""
