"""How many people died in an event: one written rule over its claims.

The rule, in full (the Method page prints it from the catalogue):

1. Only claims that assert people *killed*, with a figure, and that no later claim of
   the same claimant replaces. Killed-or-wounded, words without a figure, denials and
   silence never enter.
2. Assailants never enter. A claim on ``all`` sides enters only where no claim speaks
   of victims, and the toll then says so (``deaths_scope`` is ``all``).
3. What one claimant says of one event is one statement: its figure for all victims if
   it gives one, else the sum of its figures for different sides. A statement that
   leaves out the side with the most dead speaks of another part of them and does not
   enter. A figure told as "at least" or "up to" is taken as it stands: no end is made
   up.
4. ``deaths_low`` is the lowest figure of any statement, ``deaths_high`` the highest.
5. ``deaths_best`` is the median of the statements' middles; voices that do not fight
   go first: if any speaks, the fighting parties' own figures (government, insurgent)
   are left out of the best, never out of the range. Halves are rounded down.
6. An operation told as one (claims on the operation) has one toll, which its events
   share; it is counted once, never once for each site.
"""

from __future__ import annotations

import pandas as pd

FIGHTING = {"government", "insurgent"}
DEATHS = ["deaths_low", "deaths_best", "deaths_high"]
VICTIM_SIDES = [
    "security_forces",
    "foreign_forces",
    "peacekeepers",
    "militia",
    "armed_group",
    "civilians",
]


def statements_of_deaths(claims: pd.DataFrame) -> pd.DataFrame:
    """Reduce the claims to what each claimant says, by rules 1 to 3.

    Parameters
    ----------
    claims : DataFrame
        The ``claims`` table.

    Returns
    -------
    DataFrame
        One row for each subject and claimant, with columns

        * ``toll_id`` : str, the event's or the operation's id
        * ``claimant_en``, ``claimant_type`` : str
        * ``low``, ``high`` : float, people
        * ``scope`` : str, ``victims`` or ``all``
    """
    killed = claims[
        claims["metric"].eq("killed")
        & claims["stance"].eq("asserts")
        & claims["superseded_by"].isna()
        & claims["low"].fillna(claims["high"]).notna()
        & claims["side"].ne("assailants")
    ].copy()
    killed["toll_id"] = killed["event_id"].fillna(killed["operation_id"])
    killed = killed[killed["toll_id"].notna()]
    low, high = (killed[name].astype("float64") for name in ("low", "high"))
    killed["low"], killed["high"] = low.fillna(high), high.fillna(low)
    speaker = ["toll_id", "claimant_en"]
    # Two figures of one voice for one side, in two documents or rows, are one range.
    said = killed.groupby([*speaker, "side"], as_index=False).agg(
        low=("low", "min"), high=("high", "max"), claimant_type=("claimant_type", "min")
    )
    parts = said[said["side"].isin(VICTIM_SIDES)]
    most = parts.sort_values("high", kind="stable").drop_duplicates(
        "toll_id", keep="last"
    )
    main_side = most.set_index("toll_id")["side"]
    parts = parts.assign(is_main=parts["side"].eq(parts["toll_id"].map(main_side)))
    parts = parts.groupby(speaker, as_index=False).agg(
        low=("low", "sum"),
        high=("high", "sum"),
        claimant_type=("claimant_type", "min"),
        is_main=("is_main", "any"),
    )

    columns = [*speaker, "claimant_type", "low", "high"]
    whole = said.loc[said["side"].eq("victims"), columns]
    told = pd.MultiIndex.from_frame(whole[speaker])
    parts = parts[~pd.MultiIndex.from_frame(parts[speaker]).isin(told)]
    parts = parts.loc[parts["is_main"], columns]
    victims = pd.concat([whole, parts]).assign(scope="victims")
    everyone = said.loc[said["side"].eq("all"), columns].assign(scope="all")
    everyone = everyone[~everyone["toll_id"].isin(victims["toll_id"])]
    return pd.concat([victims, everyone], ignore_index=True)


def tolls(claims: pd.DataFrame) -> pd.DataFrame:
    """Return low, best and high deaths of each event and operation with figures.

    Parameters
    ----------
    claims : DataFrame
        The ``claims`` table.

    Returns
    -------
    DataFrame
        Indexed by ``toll_id``, with ``deaths_low``, ``deaths_best``,
        ``deaths_high`` (Int64, people), ``deaths_scope`` (victims, all) and
        ``voices`` (int, statements behind the range). Subjects without any figure
        have no row: missing is not zero.
    """
    said = statements_of_deaths(claims)
    said["middle"] = (said["low"] + said["high"]) / 2
    said["fights"] = said["claimant_type"].isin(FIGHTING)
    by_toll = said.groupby("toll_id")
    outside = said[~said["fights"]].groupby("toll_id")["middle"].median()
    table = pd.DataFrame(
        {
            "deaths_low": by_toll["low"].min(),
            "deaths_best": outside.reindex(by_toll.size().index).fillna(
                by_toll["middle"].median()
            ),
            "deaths_high": by_toll["high"].max(),
            "deaths_scope": by_toll["scope"].first(),
            "voices": by_toll.size(),
        }
    )
    table[DEATHS] = table[DEATHS].floordiv(1).astype("Int64")
    return table


def add_tolls(events: pd.DataFrame, claims: pd.DataFrame) -> pd.DataFrame:
    """Add each event's toll, its own or its operation's (rule 6).

    Parameters
    ----------
    events : DataFrame
        With ``event_id`` and ``operation_id``.
    claims : DataFrame
        The ``claims`` table.

    Returns
    -------
    DataFrame
        ``events`` with ``toll_id`` (what the toll belongs to), ``deaths_low``,
        ``deaths_best``, ``deaths_high``, ``deaths_scope`` and ``voices``.
    """
    table = tolls(claims)
    shared = events["operation_id"].isin(table.index)
    toll_id = events["event_id"].where(~shared, events["operation_id"])
    return events.assign(toll_id=toll_id).join(table, on="toll_id")


def sum_deaths(events: pd.DataFrame) -> pd.Series:
    """Add up the tolls of some events, each toll once.

    Parameters
    ----------
    events : DataFrame
        As returned by ``add_tolls``.

    Returns
    -------
    Series
        ``deaths_low``, ``deaths_best``, ``deaths_high`` (int, people) and
        ``tolls`` (int, how many tolls with figures stand behind the sum).
    """
    counted = events.drop_duplicates("toll_id")
    counted = counted[counted["deaths_best"].notna()]
    total = counted[DEATHS].sum().astype(int)
    total["tolls"] = len(counted)
    return total
