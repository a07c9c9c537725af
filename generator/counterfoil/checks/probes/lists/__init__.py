"""Lists as wholes and in parts."""
