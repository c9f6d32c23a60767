"""How it is told: English and French, sentences, exports. Free of Streamlit."""
