"""The event engine: pure Python and anyio, without Jupyter and without a single component's name."""
