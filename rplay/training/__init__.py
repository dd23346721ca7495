"""What trainers make for learners to practise with: scenarios, to whom they are assigned, and who passed."""
