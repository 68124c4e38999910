"""Check-ins through links: reading what phones send, storing it as many as come together, wording the answer.

Nothing here knows a name. The public side knows people by their place on a household's slip.
"""
