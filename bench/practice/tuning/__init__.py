"""Trains the encoder that tells what a sentence means: `python -m bench.practice.tune`."""
