"""What becomes of objects: made, shown, changed, removed, and no other one touched."""
