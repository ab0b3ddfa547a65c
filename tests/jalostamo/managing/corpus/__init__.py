"""A corpus of bad files, each with a name, how it is made, and exactly what must become of it."""
