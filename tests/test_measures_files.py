"""The tables as files."""

import pandas as pd
import pytest
from measures_tables import a_stay, a_step, random_tables, the_tables

from stepdown.outputs.table_files import read_tables, write_tables

pytestmark = pytest.mark.measures


def assert_same(one, other):
    for left, right in zip(one, other, strict=True):
        pd.testing.assert_frame_equal(left, right, check_dtype=False, check_categorical=False, check_exact=True)
        assert left.dtypes.map(str).tolist() == right.dtypes.map(str).tolist()


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_tables_come_back_as_they_were(tmp_path, form):
    tables = random_tables(3)
    paths = write_tables(tables, tmp_path, form)
    assert [path.name for path in paths] == [f"{name}.{form}" for name in ("stays", "case_steps", "places")]
    assert_same(read_tables(tmp_path), tables)


AWKWARD = ["=1+1", "+a", "-b", "@c", "'d", "'=e", "NA", "none", 'say "hello", twice', "true", "12"]


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_awkward_names_come_back_as_they_were(tmp_path, form):
    stays = [a_stay("house", 1 / 3, group=name, person=one) for one, name in enumerate(AWKWARD)]
    steps = [a_step("panel", 0.1 + 0.2, person=None), a_step("panel", 1, person=2**31, tier="NA", amount=0.1)]
    tables = the_tables(stays, steps, [("carry-on", "house", 0.0, float("inf"))])
    write_tables(tables, tmp_path, form)
    assert_same(read_tables(tmp_path), tables)


def test_no_text_in_csv_begins_like_a_formula(tmp_path):
    write_tables(the_tables([a_stay("house", 0, group=name) for name in AWKWARD]), tmp_path, "csv")
    groups = pd.read_csv(tmp_path / "stays.csv", keep_default_na=False)["group"]
    assert not groups.str.startswith(("=", "+", "-", "@")).any()


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_empty_tables_come_back_empty(tmp_path, form):
    write_tables(the_tables(places=()), tmp_path, form)
    assert_same(read_tables(tmp_path), the_tables(places=()))
