"""The built-in policies, one file each: what a student would write, with the message it illustrates.

They are read as text and run as any other policy, never imported.
"""
