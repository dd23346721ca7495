"""The socket that speaks, and what the libraries below it leave open."""
