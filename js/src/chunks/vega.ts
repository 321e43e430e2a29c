/** Drawing charts of altair: Vega-Lite, in the colours of the page. */

import embed, { type Result, type VisualizationSpec } from "vega-embed";
import type { Look } from "../looks";
import type { Drawer } from "../plotting";
import { keepTooltip } from "../tooltip";

type Spec = Record<string, unknown>;

export function vegaDrawer(el: HTMLElement): Drawer {
  let shown: Result | null = null;
  let fits = false;
  /** The last one known: while a host changes its theme, nothing has a width. */
  let width = 0;
  const letGo = keepTooltip(el);
  return {
    async draw(text, look) {
      const spec = JSON.parse(text) as Spec;
      fits = isOpen(spec);
      width = el.clientWidth || width;
      const room = { width: width || "container", autosize: { type: "fit-x", contains: "padding" } };
      const fitted = fits ? { ...room, ...spec } : spec;
      shown?.finalize();
      shown = await embed(el, fitted as unknown as VisualizationSpec, {
        actions: false,
        defaultStyle: false,
        config: configOf(look) as never,
        tooltip: { theme: look.dark ? "dark" : "light" },
      });
    },
    resize() {
      width = el.clientWidth || width;
      if (fits && shown && el.clientWidth) void shown.view.width(width).resize().runAsync();
    },
    end() {
      letGo();
      shown?.finalize();
      el.replaceChildren();
    },
  };
}

/** Whether the author has left the width open; charts of several parts side by side cannot be stretched. */
export function isOpen(spec: Spec): boolean {
  if (!String(spec.$schema ?? "vega-lite").includes("vega-lite")) return false;
  if ("width" in spec || !("mark" in spec || "layer" in spec)) return false;
  const encoding = (spec.encoding ?? {}) as Spec;
  return !("column" in encoding || "facet" in encoding);
}

/** Defaults that lie under what the chart itself says. */
function configOf({ fg, muted, grid, border, font, accent }: Look): Spec {
  const guide = { labelColor: muted, titleColor: fg, labelFont: font, titleFont: font };
  return {
    background: "transparent",
    font,
    view: { stroke: grid },
    title: { color: fg, subtitleColor: muted },
    style: { "guide-label": { fill: muted }, "guide-title": { fill: fg } },
    axis: { ...guide, domainColor: border, gridColor: grid, tickColor: border },
    legend: guide,
    header: guide,
    text: { color: fg },
    rule: { color: fg },
    mark: { color: accent },
  };
}
