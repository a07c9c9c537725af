"""Values made up from schemas: plausible, valid, and the same for the same seed."""
