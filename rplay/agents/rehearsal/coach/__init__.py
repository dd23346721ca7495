"""The coach of the rehearsal, made of rules."""
