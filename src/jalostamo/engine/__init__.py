"""The engine: one way to Ibis, with DuckDB embedded and Spark where a city outgrows one machine.

Only this room knows an engine by name; everyone else holds expressions. The engine counts, Python decides on counts.

Handbook 2.5.
"""
