/** Drawing figures of plotly and bokeh with their own libraries, in the colours of the page. Those of altair: `chunks/vega`. */

import type { Look } from "./looks";

/** One figure in the page. */
export interface Drawer {
  /** Draw this JSON, or draw it again in other colours. */
  draw(text: string, look: Look): Promise<void>;
  /** The element has another width now. */
  resize?(): void;
  end(): void;
}

type Json = Record<string, unknown>;

// -- plotly

interface Plotly {
  react(el: HTMLElement, figure: Json): Promise<unknown>;
  purge(el: HTMLElement): void;
  Plots: { resize(el: HTMLElement): Promise<unknown> };
}

export function plotlyDrawer({ plotly }: { plotly: Plotly }, el: HTMLElement): Drawer {
  return {
    async draw(text, look) {
      const { data, layout, frames, config } = JSON.parse(text) as Record<string, Json>;
      await plotly.react(el, {
        data,
        layout: { autosize: true, ...dressed(layout ?? {}, look) },
        frames,
        config: { displaylogo: false, ...config },
      });
    },
    // It is refused where the chart has no place in the page by now: then there is no width to follow.
    resize: () => void plotly.Plots.resize(el).catch(() => undefined),
    end: () => plotly.purge(el),
  };
}

/** The layout in the page's colours, unless the author has chosen a template: plotly's own one is known by its blue. */
export function dressed(layout: Json, look: Look): Json {
  const template = (layout.template ?? {}) as { data?: Json; layout?: Json };
  const isDefault = !template.layout || template.layout.plot_bgcolor === "#E5ECF6";
  if (!isDefault) return layout;
  const clear = "rgba(0, 0, 0, 0)";
  const axis = { gridcolor: look.grid, linecolor: look.border, zerolinecolor: look.border };
  const polar = { bgcolor: clear, angularaxis: axis, radialaxis: axis };
  const ternary = { bgcolor: clear, aaxis: axis, baxis: axis, caxis: axis };
  const wall = { ...axis, backgroundcolor: clear, showbackground: true };
  const page: Json = {
    paper_bgcolor: clear,
    // Axes take what room their numbers need.
    margin: { l: 16, r: 16, b: 16, t: layout.title ? 56 : 32 },
    font: { color: look.fg, family: look.font },
    hoverlabel: { align: "left" },
    ...(look.dark
      ? {
          plot_bgcolor: clear,
          xaxis: axis,
          yaxis: axis,
          polar,
          ternary,
          scene: { xaxis: wall, yaxis: wall, zaxis: wall },
          geo: { bgcolor: clear, landcolor: look.grid, lakecolor: clear, subunitcolor: look.border },
        }
      : {}),
  };
  return { ...layout, template: { ...template, layout: merged(template.layout ?? {}, page) } };
}

function merged(base: Json, over: Json): Json {
  const result = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const old = result[key];
    result[key] = isJson(value) && isJson(old) ? merged(old, value) : value;
  }
  return result;
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// -- bokeh

interface BokehView {
  remove(): void;
  model?: { document?: unknown };
}

interface Bokeh {
  embed: { embed_item(item: Json, el: HTMLElement): Promise<{ roots: Iterable<BokehView> }> };
  documents: unknown[];
  logger?: { set_level(level: string): void };
}

/** `tex` adds what draws formulas, for figures that have some. */
export function bokehDrawer({ bokeh }: { bokeh: Bokeh }, el: HTMLElement, tex?: { add(bokeh: unknown): void }): Drawer {
  bokeh.logger?.set_level("warn");
  tex?.add(bokeh);
  let views: BokehView[] = [];
  const clear = () => {
    for (const view of views) {
      const at = bokeh.documents.indexOf(view.model?.document);
      view.remove();
      if (at >= 0) bokeh.documents.splice(at, 1);
    }
    views = [];
    el.replaceChildren();
  };
  return {
    async draw(text, look) {
      const item = JSON.parse(text) as { doc?: { roots?: Json[] } } & Json;
      for (const root of item.doc?.roots ?? []) {
        widened(root);
        painted(root, look);
      }
      clear();
      // Its way is to take whatever is there at the end of a turn: so what it draws on is new each time.
      const place = el.ownerDocument.createElement("div");
      el.append(place);
      views = [...(await bokeh.embed.embed_item(item, place)).roots];
    },
    end: clear,
  };
}

/** A figure whose size the author has left open is as wide as there is room. */
function widened(node: Json): void {
  const given = node.attributes as Json | undefined;
  if (!given || !isFigure(node)) return;
  if ("width" in given || "sizing_mode" in given || "frame_width" in given) return;
  given.sizing_mode = "stretch_width";
  given.height ??= 400;
}

/** What the author has not coloured gets the page's colours: attributes that are left out have bokeh's defaults. */
export function painted(node: unknown, look: Look): void {
  if (Array.isArray(node)) {
    for (const one of node) painted(one, look);
    return;
  }
  if (!isJson(node)) return;
  if (node.type === "object" && typeof node.name === "string") {
    const colours = coloursOf(node.name, look);
    if (colours) node.attributes = { ...colours, ...(node.attributes as Json | undefined) };
  }
  // Lines must be seen on the ground that the author has chosen.
  const own = isFigure(node) && (node.attributes as Json).background_fill_color !== null;
  for (const value of Object.values(node)) painted(value, own ? { ...look, grid: "#e5e5e5" } : look);
}

function isFigure({ name }: Json): boolean {
  return name === "Figure" || name === "Plot";
}

function coloursOf(name: string, look: Look): Json | null {
  const clear = { background_fill_color: null, border_fill_color: null };
  if (isFigure({ name })) return { ...clear, outline_line_color: look.grid };
  if (name === "Grid") return { grid_line_color: look.grid };
  if (name === "Title") return { text_color: look.fg };
  if (name === "Label") return { text_color: look.fg };
  if (name.endsWith("Legend")) {
    return {
      label_text_color: look.fg,
      title_text_color: look.fg,
      background_fill_color: look.surface,
      border_line_color: look.grid,
    };
  }
  if (name.endsWith("ColorBar")) {
    return { ...clear, background_fill_color: null, major_label_text_color: look.fg, title_text_color: look.fg };
  }
  if (name.endsWith("Axis")) {
    return {
      axis_label_text_color: look.fg,
      major_label_text_color: look.muted,
      axis_line_color: look.border,
      major_tick_line_color: look.border,
      minor_tick_line_color: look.border,
    };
  }
  return null;
}

/** Draws one at a time; of those that come meanwhile, the last. */
export class Queue {
  readonly #drawer: Drawer;
  readonly #done: (error: string | null) => void;
  #next: [text: string, look: Look] | null = null;
  #busy = false;
  #ended = false;
  #drew = false;

  constructor(drawer: Drawer, done: (error: string | null) => void) {
    this.#drawer = drawer;
    this.#done = done;
  }

  draw(text: string, look: Look): void {
    this.#next = [text, look];
    if (!this.#busy) void this.#work();
  }

  resize(): void {
    if (this.#drew && !this.#busy) this.#drawer.resize?.();
  }

  end(): void {
    this.#ended = true;
    if (!this.#busy) this.#drawer.end();
  }

  async #work(): Promise<void> {
    this.#busy = true;
    while (this.#next && !this.#ended) {
      const [text, look] = this.#next;
      this.#next = null;
      try {
        await this.#drawer.draw(text, look);
        this.#drew = true;
        if (!this.#ended) this.#done(null);
      } catch (error) {
        console.error("nbblocks: a plot could not be drawn", error);
        if (!this.#ended) this.#done(error instanceof Error ? error.message : String(error));
      }
    }
    this.#busy = false;
    if (this.#ended) this.#drawer.end();
  }
}

/** Call `changed` when an element has got another width, by more than a rounding; the result ends that. */
export function onNewWidth(el: HTMLElement, changed: () => void): () => void {
  let width = el.clientWidth;
  const sizes = new ResizeObserver(([entry]) => {
    const next = Math.round(entry?.contentRect.width ?? 0);
    if (!next || Math.abs(next - width) < 2) return;
    width = next;
    changed();
  });
  sizes.observe(el);
  return () => sizes.disconnect();
}
