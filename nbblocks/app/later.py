"""Gradio's names that nbblocks does not have yet: they exist, so that an import never fails (AP-112)."""

from __future__ import annotations

from typing import Any

_COMPONENTS = (
    "AnnotatedImage", "Audio", "Chatbot", "FileExplorer",
    "ImageEditor", "ImageMask", "ImageSlider", "Microphone", "Model3D", "MultimodalTextbox",
    "Paint", "ParamViewer", "Sketchpad", "Video",
    "Walkthrough", "Step", "Draggable", "Navbar", "Dialogue", "WorkflowCanvas", "Annotatedimage",
    "Mic", "PlayableVideo",
)  # fmt: skip
_APPS = ("ChatInterface", "ChatMessage", "Workflow")
_PARTS = (
    "Brush", "Eraser", "LayerOptions", "WaveformOptions",
    "MessageDict", "I18n", "Cache",
)  # fmt: skip
_FUNCTIONS = ("load_chat", "set_static_paths", "cache")
_WEB = (
    "DeepLinkButton", "DuplicateButton", "LoginButton", "LogoutButton", "OAuthProfile", "OAuthToken",
    "Header", "Server", "mount_gradio_app", "deploy", "routes", "load_openapi",
)  # fmt: skip


class _Lacking(type):
    """The class of names that are not to be had; neither is anything in them."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        raise NotImplementedError(f"nbblocks.{cls.__name__}.{name}: {cls.__doc__}")


def _lacking(name: str, why: str) -> type[Any]:
    def refuse(self: object, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError(f"nbblocks.{name} {why}")

    return _Lacking(
        name, (), {"__init__": refuse, "__doc__": f"Not to be had: {why}.", "__module__": "nbblocks"}
    )


for _name in (*_COMPONENTS, *_APPS, *_PARTS, *_FUNCTIONS):
    globals()[_name] = _lacking(_name, "is not there yet")
for _name in _WEB:
    globals()[_name] = _lacking(_name, "needs a web server, and nbblocks has none")

__all__ = [*_COMPONENTS, *_APPS, *_PARTS, *_FUNCTIONS, *_WEB]  # pyright: ignore[reportUnsupportedDunderAll]
