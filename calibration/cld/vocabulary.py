"""The words of Client Level Data, as releases 1 and 2 of its specification spell them.

Names and values are compared without case, blanks and punctuation: councils submit all of these as they come. What is
said here was taken from what the Department of Health and Social Care and NHS England have published on how they
process the return.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache


@cache
def plain(text: str) -> str:
    """Return a name or value without case, blanks and punctuation, for comparing."""
    return "".join(letter for letter in text.casefold().replace("&", "and") if letter.isalnum())


class Field(StrEnum):
    """The fields that are read, in the Department's spelling."""

    LA_CODE = "LA_Code"
    LA_NAME = "LA_Name"
    PERIOD_BEGINS = "Reporting_Period_Start_Date"
    PERIOD_ENDS = "Reporting_Period_End_Date"
    NHS_TRACED = "Der_NHS_Number_Traced_Pseudo"
    NHS_PROVIDED = "Der_NHS_Number_Pseudo"
    LA_PERSON = "LA_Person_Unique_Identifier"
    DATE_OF_DEATH = "Date_of_Death"
    CLIENT_TYPE = "Client_Type"
    SUPPORT_REASON = "Primary_Support_Reason"
    ACCOMMODATION = "Accommodation_Status"
    EVENT_TYPE = "Event_Type"
    STARTS = "Event_Start_Date"
    ENDS = "Event_End_Date"
    OUTCOME = "Event_Outcome"
    SERVICE_TYPE = "Service_Type"
    COMPONENT = "Service_Component"
    DELIVERY = "Delivery_Mechanism"
    LOCATION = "Provider_CQC_Location_Name"
    UNIT_COST = "Unit_Cost"
    COST_FREQUENCY = "Cost_Frequency_Unit_Type"
    UNITS = "Planned_Units_Per_Week"


OTHER_SPELLINGS: Mapping[Field, tuple[str, ...]] = {
    Field.PERIOD_BEGINS: ("Ref_Period_Start_Date",),
    Field.PERIOD_ENDS: ("Ref_Period_End_Date",),
    Field.NHS_PROVIDED: ("NHS_Number",),
    Field.LA_PERSON: ("Der_LA_Person_Unique_Identifier_Pseudo", "LA_Person_ID"),
    Field.CLIENT_TYPE: ("Client_Type_Cleaned", "Client_Type_Raw"),
    Field.SUPPORT_REASON: ("Primary_Support_Reason_Cleaned", "Primary_Support_Reason_Raw"),
    Field.ACCOMMODATION: ("Accommodation_Status_Cleaned", "Accommodation_Status_Raw"),
    Field.ENDS: ("Event_End_Date_Raw",),
    Field.OUTCOME: ("Event_Outcome_Cleaned", "Event_Outcome_Raw"),
    Field.SERVICE_TYPE: ("Service_Type_Cleaned", "Service_Type_Raw"),
    Field.COMPONENT: ("Service_Component_Cleaned", "Service_Component_Raw"),
    Field.DELIVERY: ("Delivery_Mechanism_Cleaned", "Delivery_Mechanism_Raw"),
    Field.COST_FREQUENCY: ("Cost_Frequency_Unit_Type_Cleaned", "Cost_Frequency_Unit_Type_Raw"),
}
"""What fields are called besides, in councils' own files and in the Department's processed tables, most wanted first.
`Cost Frequency (Unit Type)`, `Event Start Date` and the like need no entry: see `plain`."""

NEEDED = (Field.EVENT_TYPE, Field.STARTS, Field.ENDS, Field.SERVICE_TYPE)
"""The fields without which an extract says nothing about stays, besides one that tells people apart."""

PEOPLE = (Field.NHS_TRACED, Field.NHS_PROVIDED, Field.LA_PERSON)
"""The fields that tell people apart; the first that is filled counts, and a row with none is dropped."""

SERVICE_USER = "Service user"
"""The client type of people who draw on care themselves."""

CLIENT_TYPES = (SERVICE_USER, "Unpaid carer", "Unpaid carer known by association")

REQUEST, ASSESSMENT, SERVICE, REVIEW = EVENT_TYPES = ("Request", "Assessment", "Service", "Review")

RESIDENTIAL = "Long term support: Residential care"
NURSING = "Long term support: Nursing care"
COMMUNITY = "Long term support: Community"
PRISON = "Long term support: Prison"
ST_MAX = "Short term support: ST-Max"

SERVICE_TYPES = (
    RESIDENTIAL,
    NURSING,
    COMMUNITY,
    PRISON,
    ST_MAX,
    "Short term support: Ongoing low level",
    "Short term support: Other short term",
    "Unpaid carer support: Direct to unpaid carer",
    "Unpaid carer support: Support involving the person cared-for",
)

SUPPORTED_LIVING = "Community supported living"
SHARED_LIVES = "Shared Lives"
EXTRA_CARE = "Extra care housing"
HOME_CARE = "Home support or domiciliary care"

COMPONENTS = (
    SUPPORTED_LIVING,
    SHARED_LIVES,
    EXTRA_CARE,
    HOME_CARE,
    "Long term residential care",
    "Long term nursing care",
    "Short term residential care",
    "Short term nursing care",
    "Reablement",
    "Day support",
    "Direct payment",
    "Equipment",
    "Meals",
    "Transport",
    "Other short term support",
    "Other long term support",
    "Unpaid carer respite",
)
"""The service components that are known here; others are read as they are."""

SUPPORT_REASONS = (
    "Physical support: Access and mobility only",
    "Physical support: Personal care support",
    "Sensory support: Support for visual impairment",
    "Sensory support: Support for hearing impairment",
    "Sensory support: Support for dual impairment",
    "Support with memory and cognition",
    "Learning disability support",
    "Mental health support",
    "Social support: Substance misuse support",
    "Social support: Asylum seeker support",
    "Social support: Support for social isolation or other",
    "Unknown",
)

RELEASE_1: Mapping[str, str] = {
    SERVICE_USER: "Service User",
    "Unpaid carer": "Carer",
    "Unpaid carer known by association": "Carer known by association",
    RESIDENTIAL: "Long Term Support: Residential Care",
    NURSING: "Long Term Support: Nursing Care",
    COMMUNITY: "Long Term Support: Community",
    PRISON: "Long Term Support: Prison",
    ST_MAX: "Short Term Support: ST-Max",
    "Short term support: Ongoing low level": "Short Term Support: Ongoing Low Level",
    "Short term support: Other short term": "Short Term Support: Other Short Term",
    "Unpaid carer support: Direct to unpaid carer": "Carer Support: Direct to Carer",
    "Unpaid carer support: Support involving the person cared-for": (
        "Carer Support: Support involving the person cared-for"
    ),
    SUPPORTED_LIVING: "Community Supported Living",
    EXTRA_CARE: "Extra Care Housing",
    HOME_CARE: "Home Support",
    "Long term residential care": "Long Term Residential Care",
    "Long term nursing care": "Long Term Nursing Care",
    "Short term residential care": "Short Term Residential Care",
    "Short term nursing care": "Short Term Nursing Care",
    "Day support": "Day Support",
    "Direct payment": "Direct Payment",
    "Other short term support": "Other Short Term Support",
    "Other long term support": "Other Long Term Support",
    "Unpaid carer respite": "Carer Respite",
    "Physical support: Access and mobility only": "Physical Support: Access & mobility only",
    "Physical support: Personal care support": "Physical Support: Personal care support",
    "Sensory support: Support for visual impairment": "Sensory Support: Support for visual impairment",
    "Sensory support: Support for hearing impairment": "Sensory Support: Support for hearing impairment",
    "Sensory support: Support for dual impairment": "Sensory Support: Support for dual impairment",
    "Support with memory and cognition": "Support with Memory & Cognition",
    "Learning disability support": "Learning Disability Support",
    "Mental health support": "Mental Health Support",
    "Social support: Substance misuse support": "Social Support: Substance misuse support",
    "Social support: Asylum seeker support": "Social Support: Asylum seeker support",
    "Social support: Support for social isolation or other": "Social Support: Support for Social Isolation/Other",
    "Progress to assessment, review or reassessment": "Progress to assessment",
    "Progress to support planning or services": "Progress to support planning / services",
    "Continuation of support or services": "No change in package",
    "NFA: Responsibility moved to another local authority": "NFA - Moved to another LA",
    "NFA: Referral to NHS services or NHS funded social care": "NFA - 100% NHS funded care",
    "NFA: Self-funded client or under 12wk disregard": "NFA - Self-funded client (inc. 12wk disregard)",
    "NFA: Information and advice or signposting": "NFA - Information & advice / signposting only",
    "NFA: Support declined": "NFA - Support declined",
    "NFA: Deceased": "NFA - Deceased",
    "NFA: Support ended as planned": "Service ended as planned",
    "NFA: Support ended for other reason": "NFA - Support ended: other reason",
    "NFA: No services offered for other reason": "NFA - No services offered: other reason",
    "NFA: Other": "NFA- Other",
}
"""How release 1 spells values, by their spelling in release 2; a value that is not here is spelled alike."""

_RELEASE_2 = {plain(spelled): value for value, spelled in RELEASE_1.items()}


def as_release_2(value: str) -> str:
    """Return a value as release 2 spells it; one that is not known as it is, without blanks at its ends."""
    return _RELEASE_2.get(plain(value), value.strip())


FURTHER = (
    "Progress to reablement/ST-Max",
    "Progress to assessment, review or reassessment",
    "Progress to support planning or services",
    "Continuation of support or services",
)
"""The event outcomes after which something further is done by the council."""

OUTCOMES = (
    *FURTHER,
    "Admitted to hospital",
    "NFA: Responsibility moved to another local authority",
    "NFA: Referral to NHS services or NHS funded social care",
    "NFA: Self-funded client or under 12wk disregard",
    "NFA: Information and advice or signposting",
    "NFA: Referral to other service within the local authority",
    "NFA: Support declined",
    "NFA: Deceased",
    "NFA: Support ended as planned",
    "NFA: Support ended for other reason",
    "NFA: No services offered for other reason",
    "NFA: Other",
)
"""Event outcomes, in the order in which one record of an event is preferred to another."""

DECEASED = "NFA: Deceased"

WEEKLY: Mapping[str, float] = {
    "Weekly": 1,
    "Fortnightly": 1 / 2,
    "4-weekly": 1 / 4,
    "Monthly": 12 / 52,
    "Quarterly": 4 / 52,
    "Annually": 1 / 52,
}
"""How often in a week a cost of each frequency falls due."""

ONE_OFF = "One-off"
"""The frequency of a cost that is no price of a week."""

BY_UNITS = ("Per session", "Hourly", "Daily")
"""The frequencies of a cost that falls due as often in a week as `Planned_Units_Per_Week` says."""

CARE_HOME = "Registered care home"
NURSING_HOME = "Registered nursing home"
IN_PRISON = "Prison, young offenders institution or detention centre"
SUPPORTED = "Supported accommodation, supported lodgings or supported group home"
SHARED_LIVES_SCHEME = "Shared Lives scheme"
SHELTERED = "Sheltered housing, extra care housing or other sheltered housing"
AT_HOME = "Unknown: presumed at home"
IN_COMMUNITY = "Unknown: presumed in community"

ACCOMMODATION: tuple[tuple[str, str | None, str], ...] = (
    (NURSING, None, NURSING_HOME),
    (RESIDENTIAL, None, CARE_HOME),
    (PRISON, None, IN_PRISON),
    (COMMUNITY, SUPPORTED_LIVING, SUPPORTED),
    (COMMUNITY, SHARED_LIVES, SHARED_LIVES_SCHEME),
    (COMMUNITY, EXTRA_CARE, SHELTERED),
    (COMMUNITY, HOME_CARE, AT_HOME),
    (COMMUNITY, "", IN_COMMUNITY),
)
"""Where the Department takes people to live, by service type and component: any where that is None, and none where it
is empty. In the order in which one place is preferred to another for a person who has several services at once."""
