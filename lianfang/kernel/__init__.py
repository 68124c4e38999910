"""The cellar: what every room stands on and nothing above is known to."""
