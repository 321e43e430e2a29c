import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import type * as Vega from "../chunks/vega";
import { useContent } from "../contents";
import type { PlotEvent, PlotProps } from "../contract";
import { usePicture } from "../files";
import { Nothing, Tool } from "../intake";
import { useLook } from "../looks";
import { bokehDrawer, type Drawer, onNewWidth, plotlyDrawer, Queue } from "../plotting";
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
    const stop = onNewWidth(place.current, () => queue.resize());
    return () => {
      stop();
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
