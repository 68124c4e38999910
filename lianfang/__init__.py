"""Lianfang (联防): a city's platform for joint epidemic prevention and control."""

__version__ = "0.1.0"
