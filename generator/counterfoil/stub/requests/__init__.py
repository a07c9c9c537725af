"""What a request says: its route, parameters, body and credentials, read and checked."""
