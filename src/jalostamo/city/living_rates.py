"""The shares and factors that rule education, activity, occupation and income in the town.

Handbook 2.2 (background of customers).
"""

from __future__ import annotations

from typing import Final

CHILD, STUDENT, EMPLOYED, UNEMPLOYED, PENSIONER, ELSEWHERE = range(6)
NO_SCHOOL, BASIC, UPPER_SECONDARY, LOWER_TERTIARY, HIGHER = range(5)

# Shares of those who never go beyond basic school, beyond upper secondary, and beyond lower tertiary, by year of birth.
COHORTS: Final = (1925.0, 1945.0, 1960.0, 1975.0, 1990.0)
UP_TO_BASIC: Final = (0.66, 0.42, 0.20, 0.13, 0.12)
UP_TO_UPPER: Final = (0.86, 0.74, 0.63, 0.55, 0.55)
UP_TO_LOWER: Final = (0.94, 0.89, 0.83, 0.77, 0.76)
EDUCATION_BY_INCOME_OF_DISTRICT: Final = 0.45
EDUCATION_OF_WOMEN: Final = 0.04
EDUCATION_OF_FOREIGN: Final = -0.08
# The age at which a level is reached: the earliest, and over how many years it spreads.
REACHED_AT: Final = ((16.0, 0.0), (19.0, 2.0), (22.0, 5.0), (24.0, 7.0))
LATE_LEARNERS: Final = 0.15
LATE_BY: Final = 11.0

STUDENTS_OF_SCHOOL_AGE: Final = 0.95
STUDENTS_ON_THE_WAY: Final = 0.72
PENSION_AGES: Final = (61.0, 68.0)
DISABILITY_AGES: Final = (30.0, 45.0, 62.0)
DISABILITY: Final = (0.01, 0.03, 0.10)
UNEMPLOYED_BY_EDUCATION: Final = (0.17, 0.155, 0.09, 0.045, 0.032)
UNEMPLOYED_FOREIGN: Final = 2.1
UNEMPLOYED_YOUNG: Final = 1.35
# Unemployment falls and rises in waves of some nine years.
WAVE: Final = 0.25
WAVE_YEARS: Final = 9.0
WAVE_BEGINS: Final = 2012.0
AT_HOME_WITH_A_SMALL_CHILD: Final = 0.32
AT_HOME_FOREIGN_WOMEN: Final = 0.13
AT_HOME: Final = 0.035
SMALL_CHILD: Final = 3
# How much of a person's standing among others lasts, the rest being the year's.
LASTING: Final = 0.75

# Occupations (major groups 1-9) of the employed, by education, in per cent.
OCCUPATIONS: Final = (
    (2, 3, 6, 6, 32, 3, 18, 12, 18),
    (2, 3, 6, 6, 32, 3, 18, 12, 18),
    (3, 5, 12, 9, 34, 2, 17, 11, 7),
    (8, 18, 42, 12, 12, 1, 4, 2, 1),
    (12, 66, 13, 4, 3, 0.5, 0.8, 0.4, 0.3),
)
# Women are found more, men less, in clerical and service work; the other way round in crafts and machines.
OCCUPATIONS_OF_WOMEN: Final = (0.6, 1.1, 1.0, 1.6, 1.5, 0.6, 0.15, 0.25, 1.1)
OCCUPATIONS_OF_MEN: Final = (1.4, 0.9, 1.0, 0.5, 0.5, 1.4, 1.9, 1.8, 0.9)

INCOMES: Final = (1_200.0, 7_000.0, 30_000.0, 11_000.0, 15_000.0, 6_000.0)
INCOMES_BY_OCCUPATION: Final = (1.0, 2.0, 1.55, 1.25, 1.0, 0.85, 0.8, 1.05, 1.0, 0.72)
PENSIONS_BY_EDUCATION: Final = (1.0, 1.0, 1.15, 1.5, 1.9)
INCOME_AGES: Final = (18.0, 25.0, 35.0, 50.0, 65.0)
INCOMES_BY_AGE: Final = (0.6, 0.75, 1.0, 1.12, 1.05)
SPREAD: Final = 1.1
CLASSES: Final = 10
