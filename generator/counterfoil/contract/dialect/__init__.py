"""What writers and generators of documents get wrong, or say in another language, put right."""
