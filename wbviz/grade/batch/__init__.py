"""A class at a time: jobs, the processes and machines that do them, records, tables, lateness, comparison."""
