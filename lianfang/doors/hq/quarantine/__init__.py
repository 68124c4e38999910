"""Pages of quarantine and check-in: one file a page."""
