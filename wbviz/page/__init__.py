"""What runs in a reader's browser: questions of a page as JSON, answered by the modules that judge everywhere else.

    answers    a question in, an answer out: what the worker of the page calls
    asked      reads a question, and says what is wrong with it
    checks     the scenarios, a check, the game of one's own policy
    grades     an exercise, a certificate
    others     a lab's run, a real kernel's report

book/design/python-in-the-page.md says how and why. Standard library and SimPy only.
"""
