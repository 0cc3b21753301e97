"""From a council's records to a scenario that fits them, with its uncertainty, and proof on months it never saw."""
