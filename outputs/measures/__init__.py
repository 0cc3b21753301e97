"""What happened, counted: waits, moves, occupancy, delay, over-stays, costs, load. Pure functions of the tables."""
