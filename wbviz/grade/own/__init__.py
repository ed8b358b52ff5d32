"""An exercise of one's own: a folder to start from, and a look at whether it grades what it means to."""
