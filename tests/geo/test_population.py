"""Figures are as published, add up, and carry their caveats."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest

from geo.boundaries import TABLES, load_population, load_regions

SUMS_2022 = {
    "ML-1": 3_200_061,
    "ML-2": 3_238_899,
    "ML-3": 4_273_984,
    "ML-4": 3_276_070,
    "ML-5": 1_974_684,
    "ML-6": 1_074_636,
    "ML-7": 1_046_393,
    "ML-8": 83_194,
    "ML-BKO": 4_227_569,
}


def read(name: str) -> pd.DataFrame:
    """Read a table with nothing taken for missing but blanks."""
    return pd.read_csv(TABLES / f"{name}.csv", keep_default_na=False, dtype="str")


@pytest.mark.parametrize("name", ["regions", "population"])
def test_tables_keep_their_contract(name):
    package = json.loads((TABLES / "datapackage.json").read_text(encoding="utf-8"))
    schema = next(t for t in package["resources"] if t["name"] == name)["schema"]
    table = read(name)
    assert list(table.columns) == [field["name"] for field in schema["fields"]]
    assert not table.duplicated(schema["primaryKey"]).any()
    for field in schema["fields"]:
        rules = field.get("constraints", {})
        values = table[field["name"]]
        if rules.get("required"):
            assert (values != "").all(), field["name"]
        if "pattern" in rules:
            assert values.map(lambda v, p=rules["pattern"]: bool(re.search(p, v))).all()
        if "enum" in rules:
            assert set(values) <= {str(allowed) for allowed in rules["enum"]}


def test_each_set_has_its_units():
    sizes = load_regions().groupby("boundary_set").size()
    assert sizes.to_dict() == {"mali-9": 9, "mali-10": 11, "mali-20": 20}


def test_unknown_set():
    with pytest.raises(ValueError, match="boundary_set is 'mali-8', expected one of"):
        load_regions("mali-8")


def test_population_speaks_of_known_regions():
    known = set(read("regions")[["region_id", "boundary_set"]].agg(tuple, axis=1))
    used = set(read("population")[["region_id", "boundary_set"]].agg(tuple, axis=1))
    assert used <= known


def test_2022_adds_up_to_the_sum_of_its_regions():
    people = load_population("mali-20", 2022)["population"]
    assert len(people) == 20
    # The published total is 22,395,485: the source's own difference.
    assert people.sum() == 22_395_490


def test_old_regions_are_the_sums_of_the_new():
    regions = load_regions("mali-20").set_index("region_id")["parent_region_9"]
    added = load_population("mali-20", 2022)["population"].groupby(regions).sum()
    assert added.to_dict() == SUMS_2022
    assert load_population("mali-9", 2022)["population"].to_dict() == SUMS_2022


def test_ten_regions_split_two_of_the_eight():
    ten = load_population("mali-10", 2022)["population"]
    assert len(ten) == 11
    assert ten["ML-6"] + ten["ML-10"] == SUMS_2022["ML-6"]
    assert ten["ML-7"] + ten["ML-9"] == SUMS_2022["ML-7"]
    assert ten.sum() == 22_395_490


@pytest.mark.parametrize(
    ("status", "total"), [("definitive", 14_528_662), ("provisional", 14_517_176)]
)
def test_totals_of_2009(status, total):
    people = load_population("mali-9", 2009, status)["population"]
    assert len(people) == 9
    assert people.sum() == total


def test_the_sets_of_2009_are_never_mixed():
    assert set(load_population("mali-9", 2009)["status"]) == {"definitive"}
    ten = load_population("mali-10", 2009)
    assert set(ten["status"]) == {"provisional"}
    provisional = load_population("mali-9", 2009, "provisional")["population"]
    cut = ten["population"]
    assert cut["ML-7"] + cut["ML-9"] == provisional["ML-7"]
    assert "ML-6" not in ten.index, "Tombouctou without Taoudénit was not found"


def test_what_was_not_found_is_absent():
    assert load_population("mali-20", 2009).empty


@pytest.mark.parametrize(
    ("boundary_set", "region_id"),
    [("mali-9", "ML-5"), ("mali-10", "ML-5"), ("mali-20", "ml23-douentza")],
)
def test_mopti_and_douentza_carry_their_caveat(boundary_set, region_id):
    row = load_population(boundary_set, 2022).loc[region_id]
    assert "under-coverage" in row["caveat_en"]
    assert "sous-couverture" in row["caveat_fr"]


def test_caveats_stand_in_both_languages():
    people = read("population")
    assert ((people["caveat_en"] == "") == (people["caveat_fr"] == "")).all()
