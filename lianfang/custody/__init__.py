"""Custody: how long what is held is held, how it is destroyed and by whose hand, backed up, and given to its subject."""
