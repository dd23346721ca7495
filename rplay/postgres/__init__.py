"""The embedded PostgreSQL, and what operators do to a database: backups and checks."""
