"""Level 2, producing information: methods that turn a release into results, each one a pipeline over the engine.

Handbook 2.3 (methods of analysis and modelling).
"""
