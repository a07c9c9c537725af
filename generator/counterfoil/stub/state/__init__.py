"""What a stub remembers."""
