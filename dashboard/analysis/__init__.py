"""What it adds up to: filter, counts, comparison, claims. Free of Streamlit."""
