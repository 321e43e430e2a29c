"""Calling an app from Python: `Client` and its jobs."""

from .client import Client
from .files import handle_file
from .job import Job
from .kernels import NotebookError

__all__ = ["Client", "Job", "NotebookError", "handle_file"]
