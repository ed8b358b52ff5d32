"""A proof for every size, from each program of a policy alone: see `book/design/certificate.md`."""
