"""Rehearsal: a client, a coach and a reviewer made of rules, for a first look, for tests and for outages."""
