"""What people read: measures, costs, comparisons, charts, run folders."""
