"""The paper that a board reads: four sides of A4 made from a finished run, as HTML or for Word, with an annex."""
