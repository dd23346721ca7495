"""Generates client profiles and scenarios by rules."""
