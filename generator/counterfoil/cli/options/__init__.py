"""Options that several commands have, or that are a subject of their own, and what comes of them."""
