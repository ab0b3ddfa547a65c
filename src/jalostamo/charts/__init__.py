"""From a result's numbers to one drawing: the same SVG bytes in the page and wherever else the figure is shown.

A chart knows groups, estimates and flows as plain values, and neither the result they came from nor who reads them.

Handbook 2.2 (visualising, understanding and assessing the results).
"""
