"""What a stub answers: successes, refusals, and the values in them."""
