"""Finding what records do not show: the values with which the whole model makes a past like the council's own."""
