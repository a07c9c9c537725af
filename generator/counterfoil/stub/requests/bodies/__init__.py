"""Request bodies: a value is read from each kind of media type, for the schema to judge."""
