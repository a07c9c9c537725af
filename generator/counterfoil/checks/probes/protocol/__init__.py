"""What HTTP says whatever the operation: paths, methods, header fields, sizes."""
