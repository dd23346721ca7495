"""The client and the profiles of before."""
