"""How the rehearsal measures a talk, for the review and for the progress."""
