"""Reviews: versions, access, disputes, corrections, and agreement with people.

Nothing here knows HTTP. Refusals are errors of `rplay.errors` with texts for users.
"""
