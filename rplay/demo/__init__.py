"""Demo data, made by running the product: trainees with a script talk with the rehearsal, which reviews them."""
