"""What makes objects: twice, again and again, with values that no two may have."""
