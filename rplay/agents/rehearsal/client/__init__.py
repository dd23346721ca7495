"""What the client says next: out of the life, what was said so far, and what the advisor just did."""
