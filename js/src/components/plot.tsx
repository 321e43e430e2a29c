import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import type * as Vega from "../chunks/vega";
import { useContent } from "../contents";
import type { PlotEvent, PlotProps } from "../contract";
import { usePicture } from "../files";
import { Nothing, Tool } from "../intake";
import { type Look, useLook } from "../looks";
import { bokehDrawer, type Drawer, plotlyDrawer } from "../plotting";
import { type Chunk, ChunkError } from "../runtime/chunks";
import { type AppFace, define } from "../runtime/define";
import { captionOf, Field, Spinner } from "../runtime/field";
import { Viewer } from "../viewer";
import "./plot.css";

type PlotData = NonNullable<PlotProps["value"]>;
type Still = Extract<PlotData, { type: "matplotlib" }>;
type Living = Exclude<PlotData, Still>;

export default define<PlotProps, PlotEvent>(({ props, node, app }) => {
  const value = props.value ?? null;
  const label = props.label ?? captionOf(node.type);
  return (
    <Field {...props} for={null} class="nbb-flush">
      {!value ? (
        <Nothing label="No plot" icon="chart" />
      ) : value.type === "matplotlib" ? (
        <Picture value={value} label={label} app={app} />
      ) : (
        <Chart key={value.type} value={value} label={`${node.domId}-label`} app={app} />
      )}
    </Field>
  );
});

/** A figure that the kernel has drawn. */
function Picture({ value, label, app }: { value: Still; label: string; app: AppFace }) {
  const full = useSignal(false);
  const picture = usePicture(useContent(app, value.plot));
  return (
    <div class="nbb-plot-still nbb-media" aria-busy={!picture}>
      {picture && <img src={picture} alt={label} width={value.width} />}
      {picture && (
        <div class="nbb-media-tools">
          <Tool icon="expand" name="Full screen" onClick={() => (full.value = true)} />
          {app.live && (
            <Tool
              icon="download"
              name="Download"
              onClick={() => void app.download(value.plot.path, { name: value.plot.orig_name ?? undefined })}
            />
          )}
        </div>
      )}
      {picture && full.value && (
        <Viewer name={label} onClose={() => (full.value = false)}>
          <img src={picture} alt={label} />
        </Viewer>
      )}
    </div>
  );
}

type Make = (el: HTMLElement) => Drawer;

/** What draws a figure, once its library is there. */
function useMake(app: AppFace, { type, plot }: Living): { chunk: Chunk<unknown>; make: Make | null } {
  const chunk = app.chunk<unknown>({ plotly: "plotly", bokeh: "bokeh", altair: "vega" }[type]).value;
  const tex = type === "bokeh" && hasTex(plot) ? app.chunk<{ add(bokeh: unknown): void }>("bokeh-mathjax").value : null;
  const { module } = chunk;
  if (!module || (tex && !tex.module && tex.error === undefined)) return { chunk, make: null };
  const make = (el: HTMLElement): Drawer => {
    switch (type) {
      case "plotly":
        return plotlyDrawer(module as Parameters<typeof plotlyDrawer>[0], el);
      case "bokeh":
        return bokehDrawer(module as Parameters<typeof bokehDrawer>[0], el, tex?.module);
      case "altair":
        return (module as typeof Vega).vegaDrawer(el);
    }
  };
  return { chunk, make };
}

/** As the kernel finds it, which sends what draws it. */
function hasTex(plot: string): boolean {
  return ["$$", "\\\\[", "\\\\(", "MathML"].some((mark) => plot.includes(mark));
}

/** A figure that lives in the page. */
function Chart({ value, label, app }: { value: Living; label: string; app: AppFace }) {
  const place = useRef<HTMLDivElement>(null);
  const look = useLook(place);
  const fault = useSignal<string | null>(null);
  const drawn = useSignal(false);
  const { chunk, make } = useMake(app, value);
  const current = useRef<Queue | null>(null);

  useLayoutEffect(() => {
    if (!make || !place.current) return;
    const drawer = make(place.current);
    const queue = new Queue(drawer, (error) => {
      fault.value = error;
      drawn.value = true;
    });
    current.current = queue;
    let width = place.current.clientWidth;
    const sizes = new ResizeObserver(([entry]) => {
      const next = Math.round(entry?.contentRect.width ?? 0);
      if (!next || Math.abs(next - width) < 2) return;
      width = next;
      queue.resize();
    });
    sizes.observe(place.current);
    return () => {
      sizes.disconnect();
      queue.end();
      current.current = null;
    };
  }, [make !== null]);

  useLayoutEffect(() => {
    if (look) current.current?.draw(value.plot, look);
  }, [value.plot, look, make !== null]);

  return (
    <figure class="nbb-chart" aria-labelledby={label} aria-busy={!drawn.value}>
      <div ref={place} class="nbb-chart-place" hidden={fault.value !== null} />
      {fault.value !== null && (
        <div class="nbb-mishap" role="alert">
          This plot could not be drawn: {fault.value}
        </div>
      )}
      {chunk.error !== undefined ? (
        <ChunkError chunk={chunk} />
      ) : (
        !drawn.value && (
          <div class="nbb-chart-coming" role="status" aria-label="Loading">
            <Spinner />
          </div>
        )
      )}
    </figure>
  );
}

/** Draws one at a time; of those that come meanwhile, the last. */
class Queue {
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
