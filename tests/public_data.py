"""Small public data sets with durations that are censored, or observed from some point on."""

from __future__ import annotations

import datetime as dt

import numpy as np

from stepdown.calibration.fits.durations import Durations
from stepdown.calibration.fits.estimates import Window

WINDOW = Window(dt.date(2000, 1, 1), dt.date(2010, 1, 1))
"""These data have no dates; a window has to be stated."""

REMISSIONS = "6 6 6 7 10 13 16 22 23 6+ 9+ 10+ 11+ 17+ 19+ 20+ 25+ 32+ 32+ 34+ 35+"
"""Weeks of remission under 6-mercaptopurine; + goes on. Freireich et al. (1963), Blood 21, 699-716."""

CHANNING_MEN = """
782-909 1020-1128 856-969 915-957 863-983 906-1012 955-1055 943-1025 943-1043 837-945 966-1009 936-971 919-1033 852-869
1073-1139 925-1036 967-1085 806-943+ 969-1001+ 923-1060+ 865-1002+ 953-1031+ 871-945+ 982-1006+ 883-959+ 817-843+
875-1012+ 821-956+ 936-1073+ 971-1107+ 830-940+ 885-911+ 894-1031+ 893-996+ 866-895+ 878-1015+ 820-957+ 1007-1043+
879-1016+ 956-1093+ 854-989 890-1027+ 1041-1044+ 978-1005+ 836-973+ 938-1064+ 886-1023+ 876-1013+ 955-977+ 823-960+
960-1047+ 843-943+ 856-951+ 847-984+ 1027-1058+ 988-1045+ 978-1018+ 981-1118+ 926-970+ 1036-1070+ 1016-1153+ 969-1106+
900-936+ 898-906+ 846-866+ 964-1029 984-1053 1046-1080 871-872 847-893 962-966+ 853-894 967-985 1063-1094 856-927
865-948 1051-1059 1010-1012 878-911 1021-1094 959-972+ 921-993 836-876 919-993 751-777 906-966 835-907 946-1031 759-781
909-914+ 962-998 984-1022 891-932 835-898 1039-1060 1010-1044
"""
"""Ages in months of men who came to live in Channing House, Palo Alto, and at death; + left or lived on. Their lives
before they came are left-truncated. Hyde (1980), in Biostatistics Casebook, 31-46. One who stayed for no month is left
out."""


def made(times: list[float], ended: list[bool], entry: list[float]) -> Durations:
    """Durations of plain lists."""
    known = np.array(times)
    return Durations(
        np.array(entry), known, np.where(ended, known, np.inf), np.full(len(times), ""), WINDOW, ("public",)
    )


def remissions() -> Durations:
    """Censored, and all seen from the beginning."""
    words = REMISSIONS.split()
    return made([float(word.rstrip("+")) for word in words], ["+" not in word for word in words], [0.0] * len(words))


def channing_men() -> Durations:
    """Censored, and seen from the age at which each came."""
    pairs = [word.split("-") for word in CHANNING_MEN.split()]
    ages = [float(until.rstrip("+")) for _, until in pairs]
    return made(ages, ["+" not in until for _, until in pairs], [float(since) for since, _ in pairs])
