import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { type Brush, choiceOf, useBrush } from "../brushing";
import { CHART, type Chart, type Drawing, drawingOf } from "../charting";
import type * as Vega from "../chunks/vega";
import type { BarPlotEvent, BarPlotProps } from "../contract";
import { Nothing, Tool } from "../intake";
import { type Look, useLook } from "../looks";
import { onNewWidth, Queue } from "../plotting";
import { around } from "../roots";
import { ChunkError } from "../runtime/chunks";
import { type AppFace, define } from "../runtime/define";
import { Field, Spinner } from "../runtime/field";
import { offer } from "../saving";
import { liftTooltip } from "../tooltip";
import "./nativeplot.css";

/** Px of a chart whose height is left open. */
const HEIGHT = 320;
/** Px of width by which a chart is laid out anew, instead of stretched. */
const ROUGHLY = 60;
const NAMES = { line: "Line Plot", bar: "Bar Plot", point: "Scatter Plot" } as const;

export default define<BarPlotProps, BarPlotEvent>(({ props, emit, node, app }) => {
  const full = useSignal(false);
  const dialog = useRef<HTMLDialogElement>(null);
  const chart = Object.fromEntries(CHART.map((name) => [name, props[name]])) as Chart;
  const { value } = props;
  const label = props.label ?? (value ? NAMES[value.mark] : "Plot");
  const height = props.height ?? HEIGHT;
  const buttons = props.buttons ?? [];
  const place = useRef<HTMLDivElement>(null);
  const shared = {
    chart,
    app,
    label: `${node.domId}-label`,
    select: app.live && app.listens("select") ? (data: Record<string, unknown>) => emit("select", { data }) : null,
    reset: app.live && app.listens("double_click") ? () => emit("double_click") : null,
  };
  useLayoutEffect(() => {
    const el = dialog.current;
    if (!full.value || !el) return;
    el.showModal();
    return liftTooltip(el);
  }, [full.value]);

  return (
    <Field {...props} label={label} for={null} class="nbb-flush">
      {!value?.data.length ? (
        <div class="nbb-chart-empty" style={{ height: `${height}px` }}>
          <Nothing label="No data" icon="chart" />
        </div>
      ) : (
        <div class="nbb-native nbb-media">
          <Picture {...shared} place={place} height={height} />
          {buttons.length > 0 && (
            <div class="nbb-media-tools">
              {buttons.includes("export") && (
                <Tool icon="download" name="Export" onClick={() => void saved(place.current, app)} />
              )}
              {buttons.includes("fullscreen") && (
                <Tool icon="expand" name="Full screen" onClick={() => (full.value = true)} />
              )}
            </div>
          )}
        </div>
      )}
      {props.caption ? <div class="nbb-native-caption">{props.caption}</div> : null}
      {full.value && (
        <dialog ref={dialog} class="nbb-native-full" aria-label={label} onClose={() => (full.value = false)}>
          <Picture {...shared} height={Math.max(240, (globalThis.innerHeight || 720) - 96)} />
          <Tool icon="shrink" name="Leave full screen" onClick={() => dialog.current?.close()} />
        </dialog>
      )}
    </Field>
  );
});

interface PictureProps {
  chart: Chart;
  app: AppFace;
  /** Id of the caption. */
  label: string;
  height: number;
  place?: RefObject<HTMLDivElement | null>;
  select: ((data: Record<string, unknown>) => void) | null;
  reset: (() => void) | null;
}

/** The chart, drawn anew when what it shows, the theme or its height changes. */
function Picture({ chart, app, label, height, place: given, select, reset }: PictureProps) {
  const own = useRef<HTMLDivElement>(null);
  const place = given ?? own;
  const look = useLook(place);
  const chunk = app.chunk<typeof Vega>("vega").value;
  const width = useWidth(place);
  const result = useMemo(
    () => (look && width ? attempt(() => drawingOf(chart, look, { width, height })) : null),
    [...CHART.map((name) => chart[name]), look, width, height],
  );
  const drawing = result?.value ?? null;
  const brush = useBrush(place, drawing?.axis ?? null, select, reset);
  const { drawn, fault } = useDrawing(place, chunk.module, drawing, look, brush);
  const problem = result?.error ?? fault;
  const least = problem === null ? `${height}px` : undefined;
  const choice = brush.part && drawing ? choiceOf(drawing.axis, brush.part) : null;

  return (
    <figure
      class="nbb-chart"
      aria-labelledby={label}
      aria-busy={!drawn && problem === null}
      style={{ minHeight: least }}
    >
      <div
        class="nbb-chart-place nbb-native-frame"
        data-brush={select ? (brush.dragging ? "held" : "ready") : undefined}
        data-failed={problem !== null}
        {...(select || reset ? { role: "group", tabIndex: 0, "aria-label": drawing?.description ?? "Plot" } : {})}
        aria-keyshortcuts={select ? "ArrowLeft ArrowRight Shift+ArrowLeft Shift+ArrowRight Enter Escape" : undefined}
        {...brush.handlers}
      >
        <div ref={place} class="nbb-native-place" />
        {brush.box && <div class="nbb-brush" style={brush.box} />}
      </div>
      {select && (
        <span class="nbb-sr" aria-live="polite">
          {choice ? `Marked: ${choice.words}` : ""}
        </span>
      )}
      {problem !== null ? (
        <div class="nbb-mishap" role="alert">
          This plot could not be drawn: {problem}
        </div>
      ) : chunk.error !== undefined ? (
        <ChunkError chunk={chunk} />
      ) : (
        !drawn && (
          <div class="nbb-chart-coming" role="status" aria-label="Loading">
            <Spinner />
          </div>
        )
      )}
    </figure>
  );
}

/** The width of an element, roughly: legends and names are laid out by it. 0: not known yet. */
function useWidth(place: RefObject<HTMLElement | null>): number {
  const width = useSignal(0);
  useLayoutEffect(() => {
    const el = place.current;
    if (!el) return;
    const take = () => {
      if (el.clientWidth) width.value = Math.max(ROUGHLY, Math.floor(el.clientWidth / ROUGHLY) * ROUGHLY);
    };
    take();
    const sizes = new ResizeObserver(take);
    sizes.observe(el);
    return () => sizes.disconnect();
  }, []);
  return width.value;
}

function attempt<T>(make: () => T): { value: T | null; error: string | null } {
  try {
    return { value: make(), error: null };
  } catch (error) {
    return { value: null, error: error instanceof Error ? error.message : String(error) };
  }
}

/** Draws one at a time; of those that come meanwhile, or while a part is being marked, the last. */
function useDrawing(
  place: RefObject<HTMLDivElement | null>,
  vega: typeof Vega | undefined,
  drawing: Drawing | null,
  look: Look | null,
  brush: Brush,
) {
  const drawn = useSignal(false);
  const fault = useSignal<string | null>(null);
  const queue = useRef<Queue | null>(null);

  useLayoutEffect(() => {
    const el = place.current;
    if (!vega || !el) return;
    const mine = new Queue(vega.vegaDrawer(el), (error) => {
      fault.value = error;
      drawn.value = true;
      brush.measure();
    });
    queue.current = mine;
    const stop = onNewWidth(el, () => mine.resize());
    return () => {
      stop();
      mine.end();
      queue.current = null;
    };
  }, [vega]);

  useLayoutEffect(() => {
    if (drawing && look && !brush.dragging) queue.current?.draw(JSON.stringify(drawing.spec), look);
  }, [drawing, look, vega, brush.dragging]);

  return { drawn: drawn.value, fault: fault.value };
}

/** Save what is seen as a PNG file, on the ground that it stands on. */
async function saved(place: HTMLElement | null, app: AppFace): Promise<void> {
  const svg = place?.querySelector<SVGSVGElement>("svg.marks");
  if (!place || !svg) return;
  try {
    const { width, height } = svg.getBoundingClientRect();
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`;
    await image.decode();
    const canvas = place.ownerDocument.createElement("canvas");
    [canvas.width, canvas.height] = [width * 2, height * 2];
    const pen = canvas.getContext("2d")!;
    pen.fillStyle = groundOf(place);
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    offer(canvas.toDataURL("image/png"), "chart.png", app.signal);
  } catch (error) {
    app.toast({ level: "error", title: "Export", message: error instanceof Error ? error.message : String(error) });
  }
}

/** The colour behind an element. */
function groundOf(el: HTMLElement): string {
  for (const one of [el, ...around(el)]) {
    const { backgroundColor } = getComputedStyle(one);
    if (backgroundColor && !/^transparent$|, 0\)$/.test(backgroundColor)) return backgroundColor;
  }
  return "white";
}
