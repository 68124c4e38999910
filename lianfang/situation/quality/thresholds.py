"""From where on something is a finding, and why there. Below, it is a slip like any other."""

from datetime import timedelta

# Practised typists get one 18-digit number in thirty to fifty wrong, and the check character shows nearly all of it.
# From one in twenty on something is the matter: no light, frozen hands, numbers read out over an engine. Of fewer than
# twenty documents a single slip would already be one in twenty.
DOCUMENTS_AT_LEAST = 20
BAD_PERCENT = 5

# A family of four gives one telephone, and so does a driver for his passengers. Five different documents with the same
# number is a number typed to get past the field.
DOCUMENTS_OF_A_PHONE = 5

# The quickest car is a plate on its keypad and "done": eight touches, five seconds, twelve in a minute. A person whose
# fields are all filled in is three seconds of looking and touching, twenty in a minute. A coach is saved at once, but its
# people's ids are minted as their forms open, so it does not look quick.
VEHICLES_A_MINUTE = 12
PEOPLE_A_MINUTE = 20

# Phones that ask the network for the time are right to a second; the rest of two minutes is the way here. The other
# direction says nothing: a record that comes late was made without a network.
AHEAD = timedelta(minutes=2)

# Turned away at the bar and let in again, a car comes back after a quarter of an hour at the earliest. Within ten
# minutes, the same way through the same gate, it was registered twice.
SAME_CAR_WITHIN = timedelta(minutes=10)

# Every single one counts: a phone that says another checkpoint is in the wrong place or enrolled for the wrong one, and
# an incomplete record is somebody of whom something is not known.
ONE = 1

# A shift is eight or twelve hours, and a phone may be without a network for all of it. What has not come after twelve is
# lying in a drawer with records in it. A phone is enrolled where it is used, and is used within the first two hours.
UNSENT_AFTER = timedelta(hours=12)
NEVER_SENT_AFTER = timedelta(hours=2)

# A task is done within the shift it was given in, or in the next: after a day it is overdue.
TASK_DUE_AFTER = timedelta(hours=24)
