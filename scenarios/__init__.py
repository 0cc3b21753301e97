"""What is asked of the model: scenario files, read and checked. Knows no engine."""
