"""Parameters of path, query, header and cookie: how they are written, and what they say."""
