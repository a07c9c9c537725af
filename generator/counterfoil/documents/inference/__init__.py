"""What descriptions imply, on any document."""
