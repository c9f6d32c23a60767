"""What pages are put together from; with ``state``, ``app`` and ``views`` the only
modules that know Streamlit."""
