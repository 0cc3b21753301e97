"""Submissions as text: the columns of Client Level Data, spelled as releases 1 and 2 do."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa

from stepdown.calibration.cld import vocabulary as words
from stepdown.calibration.cld.vocabulary import Field
from stepdown.calibration.synthetic.days import texts_of
from stepdown.calibration.synthetic.spoilt_rows import Spelling
from stepdown.calibration.synthetic.submissions import Periods

Release = Literal[1, 2]
Texts = np.ndarray[Any, np.dtype[np.object_]]

AREA = "Der_Postcode_Local_Authority"
"""The column that holds areas."""

COLUMNS: tuple[str, ...] = (
    Field.LA_CODE, Field.LA_NAME, Field.PERIOD_BEGINS, Field.PERIOD_ENDS, Field.NHS_TRACED, Field.NHS_PROVIDED,
    Field.LA_PERSON, "GP_Practice_Name", "GP_Practice_Code", "Gender", "Ethnicity", "Der_Birth_Year",
    "Der_Birth_Month", Field.DATE_OF_DEATH, Field.CLIENT_TYPE, Field.SUPPORT_REASON, AREA, Field.ACCOMMODATION,
    "Employment_Status", "Has_Unpaid_Carer", "Autism_Spectrum_Disorder_ASD", "Visual_Impairment",
    "Hearing_Impairment", "Dementia", "Client_Funding_Status", Field.EVENT_TYPE, "Event_Reference", Field.STARTS,
    Field.ENDS, "Event_Description", Field.OUTCOME, "Request_Route_of_Access", "Assessment_Type",
    "Eligible_Needs_Identified", "Method_of_Assessment", "Total_Hrs_Caring_Per_Week",
    "No_of_adults_being_cared_for", "Adult_1_Linked_Person_ID", "Adult_2_Linked_Person_ID",
    "Adult_3_Linked_Person_ID", Field.SERVICE_TYPE, Field.COMPONENT, Field.DELIVERY, Field.LOCATION,
    "Provider_CQC_Location_ID", Field.UNIT_COST, Field.COST_FREQUENCY, Field.UNITS, "Review_Reason",
    "Review_Outcomes_Achieved", "Method_of_Review",
)  # fmt: skip
"""The columns of an extract, in the order of the specification; many are blank, as councils may leave them."""

RELEASE_1_COLUMNS: Mapping[str, str] = {
    Field.COST_FREQUENCY: "Cost Frequency (Unit Type)",
    "Autism_Spectrum_Disorder_ASD": "Autism Spectrum Disorder (ASD)",
    "Request_Route_of_Access": "Request: Route of Access",
    "No_of_adults_being_cared_for": "No. of adults being cared for",
    Field.UNITS: "Planned units per week",
}
"""Columns whose names in release 1 differ from those in release 2 by more than blanks for underscores."""

_MORE_OF_RELEASE_1: Mapping[str, str] = {
    "Discharge from hospital": "Discharge from Hospital",
    "Community / other route": "Community / Other Route",
    "Long term assessment": "Long Term Assessment",
    "CASSR managed personal budget": "CASSR Managed Personal Budget",
}
"""How release 1 spells values that an importer has no use for."""

SPELLED = (
    Field.EVENT_TYPE, Field.CLIENT_TYPE, Field.SUPPORT_REASON, Field.OUTCOME, "Request_Route_of_Access",
    "Assessment_Type", Field.SERVICE_TYPE, Field.COMPONENT, Field.DELIVERY,
)  # fmt: skip
"""The columns whose values releases spell, and councils misspell."""


def column_names(release: Release) -> list[str]:
    """Return the names of the columns in a release: in 1 as in councils' own files, in 2 as the Department has them."""
    if release == 2:
        return [str(column) for column in COLUMNS]
    spaced = [column if column.startswith("Der_") else column.replace("_", " ") for column in COLUMNS]
    return [RELEASE_1_COLUMNS.get(column, text) for column, text in zip(COLUMNS, spaced, strict=True)]


def as_text(
    rows: pd.DataFrame, people: pd.DataFrame, periods: Periods, release: Release, code: str, name: str
) -> pa.Table:
    """Return submissions as a table of text, missing where nothing is said.

    Parameters
    ----------
    rows, people, periods
        What was submitted, about whom, and when.
    release
        1 or 2: how columns and values are spelled.
    code, name
        Of the council.
    """
    texts = _texts(rows, people, periods, code, name)
    for column in SPELLED:
        texts[column] = _spelled(texts[column], rows["spelling"].to_numpy(), release)
    nothing = pa.nulls(len(rows), pa.string())
    arrays = [_cells(texts[column]) if column in texts else nothing for column in COLUMNS]
    return pa.Table.from_arrays(arrays, names=column_names(release))


def _cells(values: Texts) -> pa.Array:
    return pa.array(values, pa.string(), mask=values == "")


def _texts(rows: pd.DataFrame, people: pd.DataFrame, periods: Periods, code: str, name: str) -> dict[str, Any]:
    who = people.iloc[rows["person"].to_numpy()]
    carer = who["cared_for"].to_numpy() >= 0
    service = (rows["kind"] == words.SERVICE).to_numpy()
    cared = people["la_person"].to_numpy()[np.maximum(who["cared_for"].to_numpy(), 0)]
    identified = rows["identified"].to_numpy()
    period = rows["period"].to_numpy()
    return {
        Field.LA_CODE: np.full(len(rows), code, dtype=object),
        Field.LA_NAME: np.full(len(rows), name, dtype=object),
        Field.PERIOD_BEGINS: texts_of(periods.begins)[period],
        Field.PERIOD_ENDS: texts_of(periods.ends)[period],
        Field.NHS_TRACED: np.where(identified, who["nhs_traced"], ""),
        Field.NHS_PROVIDED: np.where(identified, who["nhs_provided"], ""),
        Field.LA_PERSON: np.where(identified, who["la_person"], ""),
        "Gender": who["gender"].to_numpy(),
        "Ethnicity": who["ethnicity"].to_numpy(),
        "Der_Birth_Year": who["birth_year"].astype("str").to_numpy(),
        "Der_Birth_Month": who["birth_month"].astype("str").to_numpy(),
        Field.DATE_OF_DEATH: texts_of(rows["died"].to_numpy()),
        Field.CLIENT_TYPE: np.where(carer, "Unpaid carer", words.SERVICE_USER),
        Field.SUPPORT_REASON: who["reason"].to_numpy(),
        AREA: who["area"].to_numpy(),
        Field.ACCOMMODATION: rows["accommodation"].to_numpy(),
        "Has_Unpaid_Carer": np.where(carer, "", np.where(who["carer"] >= 0, "Yes", "No")),
        "Client_Funding_Status": np.where(service & ~carer, "Fully social care funded", ""),
        Field.EVENT_TYPE: rows["kind"].to_numpy(),
        "Event_Reference": ("E" + rows["event"].astype("str")).to_numpy(),
        Field.STARTS: texts_of(rows["starts"].to_numpy()),
        Field.ENDS: texts_of(rows["ends"].to_numpy()),
        Field.OUTCOME: rows["outcome"].to_numpy(),
        "Request_Route_of_Access": rows["route"].to_numpy(),
        "Assessment_Type": rows["assessment"].to_numpy(),
        "Adult_1_Linked_Person_ID": np.where(carer, cared, ""),
        "No_of_adults_being_cared_for": np.where(carer, "1", ""),
        Field.SERVICE_TYPE: rows["type"].to_numpy(),
        Field.COMPONENT: rows["component"].to_numpy(),
        Field.DELIVERY: rows["delivery"].to_numpy(),
        Field.LOCATION: rows["location"].to_numpy(),
        Field.UNIT_COST: _numbers(rows["cost"], "{:.2f}".format),
        Field.COST_FREQUENCY: rows["frequency"].to_numpy(),
        Field.UNITS: _numbers(rows["units"], "{:g}".format),
        "Review_Reason": rows["review"].to_numpy(),
    }


def _numbers(column: pd.Series, written: Callable[[float], str]) -> Texts:
    return np.array(["" if math.isnan(value) else written(value) for value in column.tolist()], dtype=object)


def _spelled(values: Any, spelling: Any, release: Release) -> Texts:
    """Return values as a release spells them, or as a row has it."""
    released = {value: _released(value, release) for value in pd.unique(values)}
    other: Release = 1 if release == 2 else 2
    ways: Mapping[Spelling, Callable[[str], str]] = {
        Spelling.AS_RELEASED: lambda value: released[value],
        Spelling.CAPITALS: lambda value: released[value].upper(),
        Spelling.SMALL: lambda value: released[value].lower(),
        Spelling.BLANKS: lambda value: f" {released[value]}  " if value else "",
        Spelling.OTHER_RELEASE: lambda value: _released(value, other),
    }
    spelled = np.empty(len(values), dtype=object)
    for number, way in ways.items():
        here = spelling == number
        known = {value: way(value) for value in released}
        spelled[here] = [known[value] for value in values[here]]
    return spelled


def _released(value: str, release: Release) -> str:
    return value if release == 2 else words.RELEASE_1.get(value, _MORE_OF_RELEASE_1.get(value, value))
