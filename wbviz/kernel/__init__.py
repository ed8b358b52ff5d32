"""What pages, inodes and works are, and what each operation does to them. Pure and immutable."""
