"""The next version of an N-app while it is written: several designers, and nothing is lost."""
