"""What operations do with objects: make, list, show, change and remove them, and what they answer."""
