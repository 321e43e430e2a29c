"""Gradio's Blocks inside a Jupyter kernel."""
