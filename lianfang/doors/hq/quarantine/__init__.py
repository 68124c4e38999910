"""Pages of quarantine at the desk: the lists, one order, what is printed of it."""
