"""What a request said comes back as it was."""
