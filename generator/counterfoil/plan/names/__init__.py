"""What operations, bodies, schemas, fields and values are called in Python."""
