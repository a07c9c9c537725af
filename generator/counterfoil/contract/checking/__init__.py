"""What is good in a contract stays, what is not is reported and left out."""
