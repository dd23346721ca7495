"""What a review is made of, whoever looks: checks of each competency, their answers, and the number they come to."""
