"""The desk's pages of quarantine and check-in, one file a page."""
