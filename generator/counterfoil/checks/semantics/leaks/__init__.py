"""What no answer may tell: secrets, and what is inside of servers."""
