"""Observing (隔离医学观察): whom a rule puts under observation, who does not report, who is reminded."""
