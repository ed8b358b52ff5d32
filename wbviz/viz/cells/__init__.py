"""What the book's cells show beside players and labs: code, verdicts, figures, plots, reports, appendices."""
