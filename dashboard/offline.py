"""What keeps the server from speaking to other machines of its own accord."""

from __future__ import annotations


def ask_no_other_machine() -> None:
    """Keep Streamlit from asking a host outside for this machine's address.

    It does so when a page of a foreign origin tries to open a connection, to see
    whether that origin is its own. Here it never is.
    """
    from streamlit import net_util

    net_util.get_external_ip = lambda: None
