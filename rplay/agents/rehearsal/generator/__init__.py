"""Made-up clients, made of rules."""
