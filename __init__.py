"""stepdown simulates supported-living pathways and compares commissioning options."""
