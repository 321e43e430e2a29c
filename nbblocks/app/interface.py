"""Interface: an app around one function, made of its inputs and outputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, cast

from typing_extensions import Unpack

from nbblocks.bridge.block import BlockProps
from nbblocks.bridge.component import Component
from nbblocks.components import Button, Markdown, State
from nbblocks.core.events import Event, ShowProgress
from nbblocks.core.functions import inspect_function
from nbblocks.core.listeners import Dependency, Visibility
from nbblocks.core.places import warn
from nbblocks.layout import Accordion, Column, Row

from . import submitting
from .blocks import Blocks
from .examples import Examples
from .flagging import CSVLogger, FlaggingCallback
from .interface_options import (
    accordion_of,
    button_of,
    clear_button_of,
    complete,
    components_of,
    fetched,
    flagging_mode_of,
    flagging_options_of,
    listed,
)

AnyComponent = Component[Any, Any]
Part = AnyComponent | str | dict[str, Any]
Parts = Part | Sequence[Part] | None
Kind = Literal["standard", "input_only", "output_only", "unified"]
FlaggingMode = Literal["manual", "auto", "never"]


class InterfaceProps(BlockProps, total=False):
    """Keyword parameters of an app that an Interface hands on."""

    css_paths: Any
    head_paths: Any
    fill_height: bool
    mode: str


class _Load(Event):
    """The event of every app; called on the class, what loaded models before."""

    def __call__(self, name: str, src: Any = None, token: str | None = None, **options: Any) -> Any:
        """As `nbblocks.load`, under its former name."""
        import nbblocks

        warn("Interface.load is the former name of nbblocks.load", DeprecationWarning)
        return cast("Any", nbblocks).load(name, src, token, **options)


class Interface(Blocks):
    """An app around ``fn``: its inputs on one side, its outputs on the other, a button between them.

    A Blocks: show, queue, call and place it as one. ``io("value")`` calls it with wire values.

    :param fn: called with one argument for each input, returns one value for each output; a generator shows
        each of its steps, and a stop button while it runs
    :param inputs: components or their shortcuts (``"text"``, ``{"name": "slider", "maximum": 5}``), one or a
        list; None if ``fn`` takes none. A component without a label gets the name of its parameter. The
        components of ``outputs`` themselves make an interface with one side only
    :param outputs: as ``inputs``; None if ``fn`` is called for its effects
    :param examples: rows that fill the inputs when clicked, as for `Examples`
    :param cache_examples: True fills the outputs too, with what ``fn`` gave when the app was first shown;
        ``"lazy"`` calls it at the first click
    :param cache_mode: ``"lazy"`` or ``"eager"``, for ``cache_examples=True``
    :param preload_example: row that is shown at the start if examples are cached and no input has a value
    :param live: call ``fn`` whenever an input changes, or at each piece of a stream
    :param title: heading, ``description`` a text below it, ``article`` one at the end: Markdown; an article
        may be the URL of its text
    :param flagging_mode: ``"manual"`` (a button for each option), ``"auto"`` (each result is flagged) or
        ``"never"``; None takes ``NBBLOCKS_FLAGGING_MODE`` from the environment (``GRADIO_FLAGGING_MODE`` if
        there is none), or manual. ``allow_flagging`` is its former name
    :param flagging_options: texts, or pairs of (text of the button, text in the file)
    :param flagging_dir: directory for flagged rows, made with the first
    :param flagging_callback: what keeps them, by default a `CSVLogger`
    :param batch: ``fn`` takes and returns lists, at most ``max_batch_size`` entries long
    :param api_name: endpoint of ``fn``; None takes its name, False makes none
    :param additional_inputs: further inputs of ``fn``, in an accordion below the others
    :param additional_inputs_accordion: its caption, or the accordion itself
    :param submit_btn: text of a button, or the Button itself, as ``stop_btn`` and ``clear_btn``; a
        ``clear_btn`` of None shows none
    :param time_limit: longest duration of a stream in seconds, with a step each ``stream_every`` seconds
    :param validator: called before ``fn`` with the same arguments, see `validate`
    :raises TypeError: for inputs or outputs that are no components, or a ``fn`` that cannot be called
    :raises ValueError: without inputs and outputs, for State on one side only, or a parameter outside its
        allowed values
    """

    load = _Load("the first view of the app is up")

    def __init__(
        self,
        fn: Callable[..., Any],
        inputs: Parts,
        outputs: Parts,
        examples: list[Any] | str | None = None,
        cache_examples: bool | Literal["lazy"] | None = None,
        examples_per_page: int = 10,
        live: bool = False,
        title: str | None = None,
        description: str | None = None,
        article: str | None = None,
        thumbnail: str | None = None,
        theme: Any = None,
        css: str | None = None,
        allow_flagging: FlaggingMode | None = None,
        flagging_options: list[str] | list[tuple[str, str]] | None = None,
        flagging_dir: str = "flagged",
        flagging_callback: FlaggingCallback | None = None,
        analytics_enabled: bool | None = None,
        batch: bool = False,
        max_batch_size: int = 4,
        api_name: str | Literal[False] | None = "predict",
        allow_duplication: bool = False,
        concurrency_limit: int | Literal["default"] | None = "default",
        js: str | Literal[True] | None = None,
        head: str | None = None,
        additional_inputs: Parts = None,
        additional_inputs_accordion: str | Accordion | None = None,
        *,
        submit_btn: str | Button = "Submit",
        stop_btn: str | Button = "Stop",
        clear_btn: str | Button | None = "Clear",
        delete_cache: tuple[int, int] | None = None,
        show_progress: ShowProgress = "full",
        fill_width: bool = False,
        cache_mode: Literal["eager", "lazy"] | None = None,
        example_labels: list[str] | None = None,
        preload_example: int | Literal[False] = 0,
        flagging_mode: FlaggingMode | None = None,
        api_visibility: Visibility = "public",
        api_description: str | Literal[False] | None = None,
        time_limit: float | None = 30,
        stream_every: float = 0.5,
        deep_link: Any = None,
        validator: Callable[..., Any] | None = None,
        _api_mode: bool = False,
        **shared: Unpack[InterfaceProps],
    ) -> None:
        function = inspect_function(fn)
        for name, given in (("deep_link", deep_link), ("allow_duplication", allow_duplication)):
            if given:
                warn(f"{name} needs a web host and is ignored")
        self.fn, self.function = fn, function
        self.__name__ = function.name
        self.live, self.batch, self.max_batch_size = live, batch, max_batch_size
        self.description, self.article, self.thumbnail = description, fetched(article), thumbnail
        self.api_name, self.api_visibility, self.api_description = api_name, api_visibility, api_description
        self.concurrency_limit, self.show_progress = concurrency_limit, show_progress
        self.time_limit, self.stream_every, self.validator = time_limit, stream_every, validator
        self.api_mode = _api_mode
        self.flagging_mode = flagging_mode_of(flagging_mode, allow_flagging)
        self.flagging_options = flagging_options_of(flagging_options)
        self.flagging_callback = CSVLogger() if flagging_callback is None else flagging_callback
        self.flagging_dir = flagging_dir
        handed: InterfaceProps = {"mode": "interface", **shared}
        super().__init__(
            theme=theme,
            analytics_enabled=analytics_enabled,
            title=title or "nbblocks",
            css=css,
            js=js,
            head=head,
            delete_cache=delete_cache,
            fill_width=fill_width,
            **handed,
        )
        self.heading = title
        self.main_input_components = components_of("inputs", inputs)
        self.additional_input_components = components_of("additional_inputs", additional_inputs)
        self.input_components = [*self.main_input_components, *self.additional_input_components]
        self.output_components = components_of("outputs", outputs)
        if not self.input_components and not self.output_components:
            raise ValueError("an Interface needs inputs, outputs or both, got neither")
        stateful = self._join_states(inputs, additional_inputs)
        if stateful and cache_examples:
            warn("examples cannot be cached where there is State: cache_examples is off")
        self.cache_examples = False if stateful else cache_examples
        self.interface_type = self._kind()
        self._name_components()

        self.submit_btn = button_of("submit_btn", submit_btn, "primary")
        self.stop_btn: Button | None = None
        if function.streams and not live:
            self.stop_btn = button_of("stop_btn", stop_btn, "stop", visible=False)
        self.clear_btn = clear_button_of(clear_btn)
        self.flag_btns: list[Button] = []
        self.examples_handler: Examples | None = None
        self._accordion = accordion_of(additional_inputs_accordion)
        with self:
            self._build()
            self.submit_event: Dependency = submitting.attach(self)
            submitting.attach_clearing(self)
            submitting.attach_flagging(self)
            if examples:
                states = [one for one in self.main_input_components if not one.stateful]
                self.examples_handler = Examples(
                    examples,
                    [one for one in self.input_components if not one.stateful],
                    [one for one in self.output_components if not one.stateful],
                    fn,
                    self.cache_examples,
                    examples_per_page,
                    preprocess=not _api_mode,
                    postprocess=not _api_mode,
                    batch=batch,
                    cache_mode=cache_mode,
                    example_labels=example_labels,
                    preload=preload_example,
                    visible_columns=list(range(len(states)))
                    if self.additional_input_components and states
                    else None,
                )
            if self.article:
                Markdown(self.article)

    @classmethod
    def from_pipeline(cls, pipeline: Any, **options: Any) -> Interface:
        """An Interface with the inputs and outputs of a pipeline of ``transformers``.

        :param options: as of the constructor; they win over what the pipeline says
        :raises NotImplementedError: if ``transformers`` is missing, or the task is not known
        """
        from .pipelines import interface_of

        return cls(**{**interface_of(pipeline), **options})

    def __call__(self, *inputs: Any, fn_index: int | None = None, api_name: str | None = None) -> Any:
        """Call ``fn`` with wire values, here and now, as `Blocks.__call__` does."""
        index = self.submit_event.listener.id if fn_index is None else fn_index
        return super().__call__(*inputs, fn_index=index, api_name=api_name)

    def __repr__(self) -> str:
        first = f"nbblocks Interface for: {self.__name__}"
        lines = [first, "-" * len(first)]
        for side, nodes in (("inputs", self.input_components), ("outputs", self.output_components)):
            lines += [f"{side}:", *(f"|-{node.type_name}" for node in nodes)]
        return "\n".join(lines)

    # -- what it is made of

    @property
    def _has_input_side(self) -> bool:
        return self.interface_type != "output_only"

    def _kind(self) -> Kind:
        if not self.output_components:
            return "input_only"
        if not self.input_components:
            return "output_only"
        pairs = zip(self.input_components, self.output_components, strict=False)
        same = len(self.input_components) == len(self.output_components)
        return "unified" if same and all(a is b for a, b in pairs) else "standard"

    def _join_states(self, inputs: Any, additional: Any) -> bool:
        """Make the State of both sides one (CP-174), and tell whether there is any."""
        taken = [i for i, one in enumerate(self.input_components) if isinstance(one, State)]
        given = [i for i, one in enumerate(self.output_components) if isinstance(one, State)]
        if not taken and not given:
            return False
        if len(taken) != 1 or len(given) != 1:
            raise ValueError(
                "an Interface with State needs one among the inputs and one among the outputs, got "
                f"{len(taken)} and {len(given)}"
            )
        index = taken[0]
        state = self.input_components[index]
        parameters = self._parameters()
        if [*listed(inputs), *listed(additional)][index] == "state" and index < len(parameters):
            default = parameters[index].default
            state = State(None if default is parameters[index].empty else default, render=False)
        main = len(self.main_input_components)
        side = self.main_input_components if index < main else self.additional_input_components
        side[index if index < main else index - main] = state
        self.input_components[index] = self.output_components[given[0]] = state
        return True

    def _parameters(self) -> list[Any]:
        """The parameters of ``fn`` that take inputs."""
        special = {one.name for one in self.function.specials}
        return [one for one in self.function.parameters if one.name not in special]

    def _name_components(self) -> None:
        """Give what has no label one, and keep outputs from being edited (CP-172)."""
        if self.function.readable:
            names = [parameter.name for parameter in self._parameters()]
        else:
            names = [f"input {i}" for i in range(len(self.input_components))]
        for node, name in zip(self.input_components, names, strict=False):
            complete(node, "label", name)
        several = len(self.output_components) > 1
        for i, node in enumerate(self.output_components):
            complete(node, "label", f"output {i}" if several else "output")
            if node not in self.input_components:
                complete(node, "interactive", False)

    def _build(self) -> None:
        if self.heading:
            Markdown(f"<h1 style='text-align: center'>{self.heading}</h1>")
        if self.description:
            Markdown(self.description)
        with Row():
            if self._has_input_side:
                with Column():
                    self._place_inputs()
            if self.interface_type in ("standard", "output_only"):
                with Column():
                    self._place_outputs()

    def _place_inputs(self) -> None:
        for node in self.main_input_components:
            node.render()
        if self.additional_input_components:
            with self._accordion.render():
                for node in self.additional_input_components:
                    node.render()
        with Row():
            self.clear_btn.render()
            if not self.live:
                self.submit_btn.render()
                if self.stop_btn is not None:
                    self.stop_btn.render()
            if self.interface_type == "unified":
                self._place_flag_buttons()

    def _place_outputs(self) -> None:
        for node in self.output_components:
            if node not in self.input_components:
                node.render()
        alone = self.interface_type == "output_only"
        if not alone and self.flagging_mode != "manual":
            return
        with Row():
            if alone:
                self.clear_btn.render()
                self.submit_btn = Button("Generate", variant="primary")
                if self.stop_btn is not None:
                    self.stop_btn.render()
            self._place_flag_buttons()

    def _place_flag_buttons(self) -> None:
        if self.flagging_mode == "manual":
            self.flag_btns = [Button(label) for label, _ in self.flagging_options]
