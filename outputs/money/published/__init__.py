"""Published tables that appraisals rest on, each with its date and source: discount rates and price indices."""
