"""From a spelling on a day to one group, and from a group to its members on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

# Ties that make the first group count as the second.
BELONGING = {"part_of", "branch_of", "media_arm_of", "member_of"}


@dataclass(frozen=True, eq=False)
class GroupNames:
    """Resolves spellings of armed groups with the ``group_names`` table.

    Parameters
    ----------
    names : DataFrame
        The ``group_names`` table.
    """

    names: pd.DataFrame

    def resolve(self, name: str, day: date, dataset: str = "general") -> str | None:
        """Return the group that a spelling means on a day.

        Parameters
        ----------
        name : str
            As written in the dataset or text; case is ignored.
        day : date
            The day of the event that names it.
        dataset : {"ucdp", "acled", "general"}
            Whose spelling; ``general`` spellings are tried after a dataset's own.

        Returns
        -------
        str or None
            ``group_id``; None where the record knows no such spelling on that day.
        """
        wanted = name.strip().casefold()
        moment = pd.Timestamp(day)
        table = self.names
        valid = ~(table["valid_from"] > moment) & ~(table["valid_to"] < moment)
        table = table[valid]
        folded = table["name"].str.casefold()
        exact = folded.eq(wanted) & table["match"].eq("exact")
        starts = [wanted.startswith(start) for start in folded]
        prefix = table["match"].eq("prefix") & pd.Series(starts, table.index, bool)
        for source in dict.fromkeys([dataset, "general"]):
            for fits in (exact, prefix):
                found = table[fits & table["dataset"].eq(source)]
                if len(found):
                    # The longest spelling is the most specific of several prefixes.
                    longest = found["name"].str.len().idxmax()
                    return str(found.at[longest, "group_id"])
        return None


class GroupTies:
    """Which group belonged to which, on what day.

    Parameters
    ----------
    links : DataFrame
        The ``group_links`` table.
    """

    def __init__(self, links: pd.DataFrame) -> None:
        ties = links[links["relation"].isin(BELONGING)]
        starts = ties["valid_from"].fillna(pd.Timestamp.min.as_unit("us"))
        ends = ties["valid_to"].fillna(pd.Timestamp.max.as_unit("us"))
        # Plain tuples: some hundred ties are asked thousands of times.
        self._above: dict[str, list[tuple[str, pd.Timestamp, pd.Timestamp]]] = {}
        for lower, upper, start, end in zip(
            ties["group_id"], ties["other_group_id"], starts, ends, strict=True
        ):
            if isinstance(upper, str):
                self._above.setdefault(lower, []).append((upper, start, end))

    def above(self, group_id: str, day: date) -> frozenset[str]:
        """Return a group and all it belonged to on a day, itself included."""
        moment = pd.Timestamp(day)
        found: set[str] = set()
        open_ends = [group_id]
        while open_ends:
            group = open_ends.pop()
            if group in found:
                continue
            found.add(group)
            open_ends += [
                upper
                for upper, start, end in self._above.get(group, ())
                if start <= moment <= end
            ]
        return frozenset(found)
