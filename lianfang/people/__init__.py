"""People and households: files that are opened when something calls for them, and who lives behind which door.

What calls is above and comes as a value (kind and reference); this room knows no record of a checkpoint.
"""
