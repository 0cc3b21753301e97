"""From a history and a study to a study that fits it: values with their uncertainty, and what records cannot show."""
