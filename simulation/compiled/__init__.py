"""The compiled engine: what `stepdown.simulation.reference` defines, as one Numba kernel over records in memory."""
