"""A PostgreSQL of our own, and what operators do to a database: dumps, the doctor."""
