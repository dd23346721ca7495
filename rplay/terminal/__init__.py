"""What a person can do in a terminal without any server: talk with a client, hear a voice."""
