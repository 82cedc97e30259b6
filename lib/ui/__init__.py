"""The screens' parts. Beside pages/, the only place that knows Streamlit."""
