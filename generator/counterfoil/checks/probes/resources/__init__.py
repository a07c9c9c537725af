"""What becomes of objects: made, shown, removed, and no other one touched."""
