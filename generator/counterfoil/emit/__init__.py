"""Render plans through templates, `Plan` → path → text, and write or compare the files."""
