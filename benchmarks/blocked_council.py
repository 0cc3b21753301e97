"""A small council with a known truth: two settings with few places, blocking, reviews, a team and lettings."""

from __future__ import annotations

from pathlib import Path

COUNCIL = """\
title: A small council
start: 2021-04-01
years: 4
warm_up: 12 years
groups: {adults: {deaths_per_1000_per_year: 12}}
settings:
  hospital: {places: unlimited}
  residential: {places: unlimited, review_every: 12 months}
  transitional: {places: 40}
  independent: {places: unlimited}
routes:
  hospital:
    - {to: residential, share: 35%, ready_after: {gamma: {mean: 10 weeks, sd: 8 weeks}}}
    - {to: transitional, share: 65%, ready_after: {gamma: {mean: 10 weeks, sd: 8 weeks}}}
  residential:
    - {to: transitional, share: 40%, ready_after: {gamma: {mean: 2.5 years, sd: 1.5 years}}}
    - {to: left, share: 60%, ready_after: {gamma: {mean: 4 years, sd: 3 years}}}
  transitional:
    - {to: independent, share: 80%, ready_after: {gamma: {mean: 14 months, sd: 8 months}}, requires: [papers, letting]}
    - {to: hospital, share: 20%, ready_after: {gamma: {mean: 10 months, sd: 8 months}}}
  independent:
    - {to: left, share: 100%, ready_after: {gamma: {mean: 2 years, sd: 1.5 years}}}
steps:
  papers: {team: {workers: 2, takes: {gamma: {mean: 5 weeks, sd: 3 weeks}}}}
  letting: {lettings: {per_year: 22, kept_for: 2 weeks}}
demand:
  - {from: hospital, per_year: 30}
"""
"""Records of its four years begin in a service that has long been there."""

UNKNOWNS = """\
unknowns:
  routes.transitional.0.ready_after.gamma.mean: {low: 6 months, high: 24 months, why: recorded stays contain waiting}
  routes.residential.0.share: {low: 15%, high: 75%, why: routes are not recorded before people leave}
  steps.letting.lettings.per_year: {low: 14, high: 45, why: nobody counts the homes that come up}
  steps.papers.team.takes.gamma.mean: {low: 2 weeks, high: 9 weeks, why: steps are not recorded}
  settings.residential.review_every: {low: 3 months, high: 24 months, why: reviews are late}
"""


def write_council(folder: Path) -> Path:
    """Write the council's study, and what is looked for, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "base.yaml").write_text(COUNCIL, encoding="utf-8")
    (folder / "unknowns.yaml").write_text(UNKNOWNS, encoding="utf-8")
    return folder
