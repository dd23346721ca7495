"""Field types of request bodies, by subject."""
