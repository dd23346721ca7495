"""The client as a person: a life that fits the profile, the same for a language model and for the rehearsal."""
