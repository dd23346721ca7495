"""Demo data, made by running the product: scripted trainees talk with the rehearsal, which reviews them."""
