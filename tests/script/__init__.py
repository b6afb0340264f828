"""The script of the repository's root: what it refuses, what it says, how it ends."""
