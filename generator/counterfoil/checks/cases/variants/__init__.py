"""Values in the place of one part of a valid value: what schemas bound, and what servers stumble over."""
