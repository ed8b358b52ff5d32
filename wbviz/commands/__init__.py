"""Commands of the command line that are more than a few lines. Each imports what it needs when it is run."""
