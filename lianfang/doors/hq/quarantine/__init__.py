"""Pages of quarantine and check-in at the desk: the lists, one order, what is printed of it, how people report."""
