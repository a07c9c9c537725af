"""Plain text as copied from a rendered page."""
