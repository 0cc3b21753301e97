"""The savings of one option as a workbook of live formulas, for a finance officer to check and to change."""
