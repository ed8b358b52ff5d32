"""Results in the forms that Gradescope, PrairieLearn and nbgrader take, and what runs on Gradescope's machines."""
