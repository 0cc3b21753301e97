"""Money: what is paid for, under which contracts, by whom, and what it is worth."""
