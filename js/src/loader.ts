/** The root's own module: fetches the bundle's text once per page and hands over. Kept tiny, every app carries it. */

import { loadAsset } from "./runtime/assets";
import type { AnyModel, Host } from "./runtime/wire";

interface View {
  model: AnyModel;
  el: HTMLElement;
  signal?: AbortSignal;
  host?: Host;
}
type Bundle = { mount(view: View): unknown };

/** In `render`, never in `initialize`: anywidget holds updates back, or drops them, while that one takes its time. */
async function render(view: View): Promise<unknown> {
  try {
    const bundle = await loadAsset<Bundle>(view, String(view.model.get("bundle")));
    return view.signal?.aborted ? undefined : bundle.mount(view);
  } catch (error) {
    view.el.textContent = `nbblocks could not draw this app: ${error instanceof Error ? error.message : error}`;
    console.error(error);
  }
}

export default { render };
