"""How much a rule set may hold. What binds people (days of quarantine, of validity) stands in `form`."""

import re

MAX_ROWS = 200
MAX_AREAS = 2_000
MAX_QUESTIONS = 20
MAX_CONDITIONS = 30  # of one row, `when` and `unless` each
MAX_CODES = 500  # that one condition names
MAX_CHOICES = 20

LONGEST_TITLE = 100  # characters
LONGEST_SOURCE = 300
LONGEST_SENTENCE = 300
LONGEST_QUESTION = 200
LONGEST_CHOICE = 60

# As the intake reads them (checkpoints.intake.people): a reading beyond is a slip of the finger.
CELSIUS_TENTHS = (200, 450)
AGE = (0, 150)
LARGEST_ANSWER = 1_000_000

is_row_id = re.compile(r"[A-Za-z0-9\u4e00-\u9fff][A-Za-z0-9\u4e00-\u9fff._-]{0,39}").fullmatch
is_key = re.compile(r"[a-z][a-z0-9_]{0,39}").fullmatch
is_choice = re.compile(r"[A-Z][A-Z0-9_]{0,39}").fullmatch
