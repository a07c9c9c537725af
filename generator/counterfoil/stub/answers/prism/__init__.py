"""What a stub does as Stoplight Prism does it: its choices, its refusals, and its words for them."""
