"""A spelling means one group on a day, and a group belongs where it did that day."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from data.groups import GroupNames, GroupTies

with Path(__file__).with_name("name_cases.csv").open(encoding="utf-8") as _file:
    NAME_CASES = list(csv.DictReader(_file))


def names_of(*rows: tuple[str, str, str, str, str, str]) -> GroupNames:
    columns = ["group_id", "name", "dataset", "valid_from", "valid_to", "match"]
    table = pd.DataFrame(rows, columns=columns)
    for column in ("valid_from", "valid_to"):
        table[column] = pd.to_datetime(table[column])
    return GroupNames(table)


@pytest.fixture
def names() -> GroupNames:
    return names_of(
        ("jnim", "GSIM", "general", "2017-03-02", "", "exact"),
        ("aqim", "AQIM", "general", "", "", "exact"),
        ("aqim", "AQIM", "ucdp", "", "", "exact"),
        ("jnim", "AQIM", "acled", "2017-03-02", "", "exact"),
        ("junta", "Military Forces of Mali", "acled", "2020-08-18", "", "prefix"),
        ("army", "Military Forces of Mali", "acled", "", "2020-08-17", "prefix"),
        ("guard", "Military Forces of Mali (2020-) Guard", "acled", "", "", "prefix"),
        ("exactly", "Military Forces of Mali (2012)", "acled", "", "", "exact"),
    )


DAY = date(2021, 5, 1)


@pytest.mark.parametrize(
    ("name", "day", "dataset", "group_id"),
    [
        pytest.param("GSIM", DAY, "general", "jnim", id="as written"),
        pytest.param("  gsim ", DAY, "general", "jnim", id="case and spaces"),
        pytest.param("GSIM", date(2017, 3, 2), "general", "jnim", id="first day"),
        pytest.param("GSIM", date(2017, 3, 1), "general", None, id="day before"),
        pytest.param("GSIM", DAY, "ucdp", "jnim", id="general after the dataset's"),
        pytest.param("AQIM", DAY, "ucdp", "aqim", id="the dataset's own"),
        pytest.param("AQIM", DAY, "acled", "jnim", id="the dataset's own, by day"),
        pytest.param("AQIM", date(2016, 1, 1), "acled", "aqim", id="before its day"),
        pytest.param(
            "Military Forces of Mali (2020-2021)", DAY, "acled", "junta", id="prefix"
        ),
        pytest.param(
            "Military Forces of Mali", date(2020, 8, 17), "acled", "army", id="last day"
        ),
        pytest.param(
            "Military Forces of Mali (2020-) Guard of honour", DAY, "acled", "guard",
            id="longest prefix",
        ),
        pytest.param(
            "Military Forces of Mali (2012)", DAY, "acled", "exactly",
            id="exact before prefix",
        ),
        pytest.param(
            "Military Forces of Mali", DAY, "ucdp", None, id="another dataset's"
        ),
        pytest.param("Military Forces", DAY, "acled", None, id="less than the prefix"),
        pytest.param("nobody", DAY, "general", None, id="unknown"),
        pytest.param("", DAY, "general", None, id="empty"),
        pytest.param(".*", DAY, "general", None, id="no pattern"),
    ],
)  # fmt: skip
def test_resolve(names, name, day, dataset, group_id):
    assert names.resolve(name, day, dataset) == group_id


def test_no_spellings_resolve_nothing():
    assert names_of().resolve("GSIM", DAY) is None


def test_all_cases_are_there():
    assert len(NAME_CASES) == 103


@pytest.mark.parametrize(
    "case",
    NAME_CASES,
    ids=[f"{it['name']}-{it['dataset']}-{it['day']}" for it in NAME_CASES],
)
def test_names_as_datasets_and_documents_write_them(real_record, case):
    found = GroupNames(real_record.group_names).resolve(
        case["name"], date.fromisoformat(case["day"]), case["dataset"]
    )
    assert (found or "") == case["group_id"], case["comment"]


@pytest.fixture
def ties() -> GroupTies:
    """Return the ties of: cell in katiba, katiba in jnim for a time, jnim in al-qaeda."""
    rows = [
        ("cell", "part_of", "katiba", "", ""),
        ("katiba", "part_of", "jnim", "2017-03-02", "2024-06-30"),
        ("jnim", "branch_of", "al-qaeda", "2017-03-02", ""),
        ("az-zallaqa", "media_arm_of", "jnim", "", ""),
        ("leader", "member_of", "jnim", "", ""),
        ("jnim", "rival_of", "is-sahel", "", ""),
        ("jnim", "allied_with", "bandits", "", ""),
        ("jnim", "part_of", "", "", ""),
        ("ring", "part_of", "gnir", "", ""),
        ("gnir", "part_of", "ring", "", ""),
    ]
    columns = ["group_id", "relation", "other_group_id", "valid_from", "valid_to"]
    table = pd.DataFrame(rows, columns=columns).astype("str")
    table["other_group_id"] = table["other_group_id"].where(
        table["other_group_id"] != "", None
    )
    for column in ("valid_from", "valid_to"):
        table[column] = pd.to_datetime(table[column])
    return GroupTies(table)


@pytest.mark.parametrize(
    ("group_id", "day", "above"),
    [
        pytest.param(
            "cell", date(2020, 1, 1), {"cell", "katiba", "jnim", "al-qaeda"}, id="chain"
        ),
        pytest.param("cell", date(2017, 3, 1), {"cell", "katiba"}, id="before the tie"),
        pytest.param(
            "katiba", date(2017, 3, 2), {"katiba", "jnim", "al-qaeda"}, id="first day"
        ),
        pytest.param(
            "katiba", date(2024, 6, 30), {"katiba", "jnim", "al-qaeda"}, id="last day"
        ),
        pytest.param("katiba", date(2024, 7, 1), {"katiba"}, id="day after"),
        pytest.param(
            "az-zallaqa", date(2016, 1, 1), {"az-zallaqa", "jnim"}, id="media arm"
        ),
        pytest.param("leader", date(2016, 1, 1), {"leader", "jnim"}, id="member"),
        pytest.param(
            "jnim", date(2016, 1, 1), {"jnim"}, id="rivals and allies do not count"
        ),
        pytest.param("ring", date(2016, 1, 1), {"ring", "gnir"}, id="a ring ends"),
        pytest.param("nobody", date(2016, 1, 1), {"nobody"}, id="without ties"),
    ],
)
def test_above(ties, group_id, day, above):
    assert ties.above(group_id, day) == above


def test_a_timestamp_is_a_day_too(ties):
    assert ties.above("katiba", pd.Timestamp("2024-06-30")) == {
        "katiba",
        "jnim",
        "al-qaeda",
    }
