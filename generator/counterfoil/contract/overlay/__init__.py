"""A person's corrections: overlays, and the extension that says what OpenAPI cannot."""
