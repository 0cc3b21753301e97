"""What records say in numbers: lengths of stay, routes, arrivals, steps, each with how uncertain it is.

Pure functions of a history and of arrays: no files, nothing printed. Every result says what it was fitted to, holds an
estimate with intervals of 80% and 95%, draws from what is believed of it, and warnings as sentences without any count.
"""
