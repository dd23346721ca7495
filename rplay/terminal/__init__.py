"""Practising in a terminal without a server: talking with a client, with text or voice."""
