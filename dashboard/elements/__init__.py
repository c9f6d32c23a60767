"""What pages are put together from.

With ``app``, ``state``, ``map_view`` and ``views`` the only modules that know
Streamlit.
"""
