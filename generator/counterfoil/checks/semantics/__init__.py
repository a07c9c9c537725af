"""What an answer must say, given what was asked and answered before."""
