"""The coach, made of rules."""
