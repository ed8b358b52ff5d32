"""Records the book's experiments on a real kernel: Debian's, in an emulated machine that is thrown away afterwards.

`make kernel` runs it; the book reads what it wrote, book/data/kernel/*.json. Nothing of the kernel is installed.
"""
