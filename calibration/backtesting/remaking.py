"""Fitting a study again to what was known on a date, as it would have been done then."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

from stepdown.calibration.disclosure import Disclosure
from stepdown.calibration.fitting.fit_study import fit_study
from stepdown.calibration.fitting.results import Fitted
from stepdown.calibration.history import CouncilHistory
from stepdown.calibration.matching.calibrate import calibrate, what_is_sought
from stepdown.calibration.matching.folder import draws_of, stated
from stepdown.calibration.matching.pool import Progress
from stepdown.calibration.matching.unknowns import Asked, find_unknowns
from stepdown.calibration.study_folder import option_with, path_text, with_stated
from stepdown.scenarios.loader import CARRY_ON, Option, Study
from stepdown.scenarios.schema import UNCERTAINTY

LATER = ("fitted to ", "calibrated to ")
"""How the source of a value begins that records have shaped."""


@dataclass(frozen=True)
class Remade:
    """Fits a study again, and calibrates it again if asked.

    Attributes
    ----------
    study
        Gives the structure, and what no records can say.
    pasts
        Size of the pool that it is calibrated with; None if it is fitted alone.
    seed, jobs
        Address of chance, and processes.
    shown
        Makes something to tell how far it is.
    """

    study: Study
    pasts: int | None
    seed: int
    jobs: int
    shown: Callable[[], AbstractContextManager[Progress]]

    def __call__(self, known: CouncilHistory) -> Study:
        """Return the study as it would have been fitted to what was known.

        Raises
        ------
        RunError
            If no stay is in a setting of the study.
        """
        # Nothing of this is shown to anybody, so that nothing need be rounded.
        fitted = fit_study(known, self.study, disclosure=Disclosure(rounded=False), seed=self.seed)
        option = fitted.option
        if self.pasts is not None and fitted.unknowns:
            option = self._calibrated(known, fitted)
        return replace(self.study, options={CARRY_ON: option})

    def _calibrated(self, known: CouncilHistory, fitted: Fitted) -> Option:
        asked = [Asked(path_text(one.path), one.low, one.high, one.why, path_text(one.path)) for one in fitted.unknowns]
        study = replace(self.study, options={CARRY_ON: fitted.option})
        sought = what_is_sought(study, known, find_unknowns(fitted.option, asked, []), self.seed)
        found = calibrate(sought, known, self.pasts, len(fitted.draws) or DRAWS, self.jobs, self.shown)
        data = with_stated(fitted.option.data, stated(found, "what was known"))
        return option_with(fitted.option, data | {UNCERTAINTY: draws_of(found).to_dict("records")})


DRAWS = 500
"""Joint draws of what is calibrated, where nothing was fitted."""


def knows_later(study: Study) -> bool:
    """Whether values of a study come from records already, which may be of the months that are to be forecast."""
    return any(one.source.startswith(LATER) for one in study.options[CARRY_ON].assumptions)
