"""Rules about users: valid data, lists of people, imports, and the export of personal data."""
