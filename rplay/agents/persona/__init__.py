"""The client as a person: a life that fits the profile, used alike by language models and by the rehearsal."""
