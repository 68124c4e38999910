"""One short form for each field that can be corrected, and the value it sends, as the contract writes it.

`fields` what all share · `passage` the vehicle and its stop · `person` one of the party · `answers` to questions
that headquarters added
"""
