"""Where the engine meets Jupyter: components as widgets, the root, messages both ways, transfers."""
