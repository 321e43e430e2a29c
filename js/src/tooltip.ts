/** The one element of a page that Vega looks for, by its id in the document, to show tooltips in. */

import { onPage, putOnPage } from "./roots";

const ID = "vg-tooltip-element";

let charts = 0;

/** Have it while there is a chart, until the result is called; no pointer is caught in it. */
export function keepTooltip({ ownerDocument: page }: HTMLElement): () => void {
  charts += 1;
  const tip = onPage(page, ID) ?? page.createElement("div");
  tip.id = ID;
  tip.classList.add("vg-tooltip");
  tip.style.pointerEvents = "none";
  if (!tip.isConnected) putOnPage(page, tip);
  return () => {
    charts -= 1;
    if (!charts) onPage(page, ID)?.remove();
  };
}

/** Show it over a modal dialog that was just opened, until the result is called. */
export function liftTooltip({ ownerDocument: page }: HTMLElement): () => void {
  const tip = onPage(page, ID);
  if (!tip) return () => {};
  tip.popover = "manual";
  Object.assign(tip.style, { inset: "auto", margin: "0" });
  tip.showPopover?.();
  return () => {
    tip.hidePopover?.();
    tip.popover = null;
  };
}
