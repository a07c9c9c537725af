"""The content of answers: media types, examples, headers, and how values are written."""
