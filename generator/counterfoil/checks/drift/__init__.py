"""How the answers of a server differ from its contract, and what would make the contract agree with them."""
