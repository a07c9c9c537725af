"""What requests change in objects, and what they leave as it was."""
