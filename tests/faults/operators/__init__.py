"""What faults are made of: small changes of requests and answers, and conditions for them."""
