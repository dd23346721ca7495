"""The parts of every review, by a model or by rules: the checks of a competency, their answers, and the score."""
