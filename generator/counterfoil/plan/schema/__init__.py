"""What the schemas of a contract say: merged, compared, told apart by direction."""
