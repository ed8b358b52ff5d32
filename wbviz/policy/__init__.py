"""The API a student writes against, and how a policy is run: one request at a time, histories folded to places."""
