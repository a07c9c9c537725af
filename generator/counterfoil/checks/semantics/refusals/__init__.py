"""What answers to refused requests say."""
