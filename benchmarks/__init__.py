"""Measurements beside other toolkits: `python benchmarks/run.py`."""
