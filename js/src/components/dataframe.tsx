import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type * as GridChunk from "../chunks/grid";
import type * as KatexChunk from "../chunks/katex";
import type * as MarkdownChunk from "../chunks/markdown";
import type { DataframeEvent, DataframeProps } from "../contract";
import { toClipboard } from "../copy";
import { Icon, type IconName } from "../icons";
import { cssLength } from "../lengths";
import { WithChunk } from "../runtime/chunks";
import { type Context, define } from "../runtime/define";
import { captionOf, Field } from "../runtime/field";
import "../prose.css";
import "./dataframe.css";

type Inner = Context<DataframeProps, DataframeEvent>;

export default define<DataframeProps, DataframeEvent>((context) => (
  <Field {...context.props} for={null}>
    <WithChunk<typeof GridChunk> of={context.app.chunk("grid")} height="104px">
      {(module) => <Table module={module} {...context} />}
    </WithChunk>
  </Field>
));

/** Ms without a key after which is searched. */
const PAUSE = 250;

function Table({ module, ...context }: Inner & { module: typeof GridChunk }) {
  const { props, app } = context;
  const place = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const grid = useRef<GridChunk.GridHandle | null>(null);
  const typed = useSignal("");
  const search = useSignal("");
  const count = useSignal<[shown: number, all: number]>([0, 0]);
  const full = useSignal(false);
  const copied = useSignal(false);
  const markup = useMarkup(context);
  const searching = props.show_search !== "none";
  const options = optionsOf(context, searching ? search.value : "", markup, (shown, all) => {
    count.value = [shown, all];
  });
  const latest = useRef(options);
  latest.current = options;
  const drawn = useRef<GridChunk.Options | null>(null);

  useLayoutEffect(() => {
    const made = module.makeGrid(place.current!, latest.current);
    grid.current = made;
    drawn.current = latest.current;
    return () => made.destroy();
  }, [module]);
  useLayoutEffect(() => {
    if (drawn.current !== options) grid.current?.update(options);
    drawn.current = options;
  });
  useEffect(() => {
    const timer = setTimeout(() => {
      search.value = typed.value;
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [typed.value]);
  useLayoutEffect(() => {
    const el = frame.current!;
    if (!full.value) return;
    el.showPopover?.(); // above all else on the page, where it stands
    const leave = (event: KeyboardEvent) => {
      if (event.key === "Escape") full.value = false;
    };
    el.addEventListener("keydown", leave);
    return () => {
      el.removeEventListener("keydown", leave);
      if (el.matches(":popover-open")) el.hidePopover();
    };
  }, [full.value]);

  useEffect(() => {
    if (!copied.value) return;
    const timer = setTimeout(() => {
      copied.value = false;
    }, 1500);
    return () => clearTimeout(timer);
  }, [copied.value]);
  const copy = async () => {
    try {
      await toClipboard(await grid.current!.text());
      copied.value = true;
    } catch (error) {
      app.toast({ level: "warning", title: "Not copied", message: (error as Error).message });
    }
  };
  const [shown, all] = count.value;
  const loaded = props.value?.table && !app.live ? props.value.rows : undefined;
  const note = search.value
    ? `${shown.toLocaleString()} of ${all.toLocaleString()} rows`
    : loaded && loaded > all
      ? `the first ${all.toLocaleString()} of ${loaded.toLocaleString()} rows`
      : "";
  const { editable, growsDown, growsAside } = options;
  return (
    <div
      ref={frame}
      class={`nbb-grid${full.value ? " nbb-grid-full" : ""}`}
      popover={full.value ? "manual" : undefined}
    >
      <div class="nbb-grid-bar">
        {searching && (
          <input
            type="search"
            class="nbb-grid-search"
            placeholder="Search…"
            aria-label={`Search in ${options.label}`}
            value={typed.value}
            onInput={(event) => {
              typed.value = event.currentTarget.value;
            }}
          />
        )}
        {searching && props.show_search === "filter" && editable && search.value && (
          <Tool
            name="check"
            text="Keep these rows alone"
            act={() => {
              grid.current?.keep();
              search.value = typed.value = "";
            }}
          />
        )}
        <span class="nbb-grid-note" role="status">
          {note}
        </span>
        {props.show_copy_button && (
          <Tool name={copied.value ? "check" : "copy"} text={copied.value ? "Copied" : "Copy table"} act={copy} />
        )}
        {props.show_fullscreen_button && (
          <Tool
            name={full.value ? "shrink" : "expand"}
            text={full.value ? "Leave full screen" : "Full screen"}
            act={() => {
              full.value = !full.value;
            }}
          />
        )}
      </div>
      <div ref={place} class="nbb-grid-place" style={{ "--most": cssLength(props.max_height) ?? "none" }} />
      {editable && (growsDown || growsAside) && (
        <div class="nbb-grid-adds">
          {growsDown && (
            <button type="button" onClick={() => grid.current?.addRow()}>
              + Row
            </button>
          )}
          {growsAside && (
            <button type="button" onClick={() => grid.current?.addColumn()}>
              + Column
            </button>
          )}
        </div>
      )}
    </div>
  );
}

function Tool({ name, text, act }: { name: IconName; text: string; act: () => void }) {
  return (
    <button type="button" class="nbb-tool" aria-label={text} title={text} onClick={act}>
      <Icon name={name} />
    </button>
  );
}

type Markup = (kind: string, text: string) => string;

/** What makes HTML of Markdown, as soon as it is there; only if a column has any. */
function useMarkup({ props, app }: Inner): Markup | null {
  const kinds = typeof props.datatype === "string" ? [props.datatype] : props.datatype;
  const marked = kinds.includes("markdown") || kinds.includes("html");
  const module = marked ? app.chunk<typeof MarkdownChunk>("markdown").value.module : undefined;
  const formula = kinds.includes("markdown") ? app.chunk<typeof KatexChunk>("katex").value.module : undefined;
  const kept = useRef<{ key: unknown[]; markup: Markup | null }>({ key: [], markup: null });
  const key = [module, formula, props.line_breaks, JSON.stringify(props.latex_delimiters)];
  if (key.some((one, index) => one !== kept.current.key[index])) {
    const options = {
      breaks: props.line_breaks,
      delimiters: props.latex_delimiters,
      formula: formula?.renderFormula,
    };
    const markup: Markup | null = module
      ? (kind, text) => (kind === "html" ? module.cleanMarkup(text) : module.renderMarkdown(text, options))
      : null;
    kept.current = { key, markup };
  }
  return kept.current.markup;
}

function optionsOf(
  { props, app, emit, set, node }: Inner,
  search: string,
  markup: Markup | null,
  onCount: (shown: number, all: number) => void,
): GridChunk.Options {
  return {
    value: props.value,
    headers: props.headers,
    blank: props.row_count[0],
    kinds: props.datatype,
    editable: props.interactive !== false,
    growsDown: props.row_count[1] === "dynamic",
    growsAside: props.column_count[1] === "dynamic",
    rowLimits: props.row_limits,
    columnLimits: props.column_limits,
    fixed: props.static_columns,
    wrap: props.wrap,
    lineBreaks: props.line_breaks,
    widths: props.column_widths,
    numbers: props.show_row_numbers,
    maxChars: props.max_chars,
    pinned: props.pinned_columns,
    search,
    label: props.label ?? captionOf(node.type),
    markup,
    ask: app.live ? (content) => app.ask(content) : null,
    onChange: (wire, local) => {
      emit("input", { value: wire });
      // Only what the user did is sent of a large table; the page keeps what it has of it.
      if (wire !== local) set("value", local);
    },
    onEdit: ([row, column], value, previous_value) =>
      emit("edit", { data: { index: [row, column], value, previous_value } }),
    onSelect: app.listens("select") ? (data) => emit("select", { data }) : null,
    onCount,
    onProblem: (message) => app.toast({ level: "warning", title: "Dataframe", message }),
  };
}
