/** The root's own module: fetches the bundle's text once per page and hands over. Kept tiny, every app carries it. */

import type { AnyModel, Host } from "./runtime/wire";

interface View {
  model: AnyModel;
  el: HTMLElement;
  signal?: AbortSignal;
  host?: Host;
}
type Bundle = { mount(view: View): unknown };

async function load({ model, host }: View): Promise<Bundle> {
  const ref = String(model.get("bundle"));
  const asset = host?.getModel
    ? await host.getModel(ref.replace("IPY_MODEL_", "anywidget:"))
    : await model.widget_manager?.get_model(ref.replace(/^(anywidget:|IPY_MODEL_)/, ""));
  if (!asset) throw new Error("the notebook holds no front-end");
  const key = Symbol.for("nbblocks");
  const page = globalThis as unknown as Record<symbol, Record<string, Promise<Bundle>>>;
  page[key] ??= {};
  const bundles = page[key];
  const hash = String(asset.get("hash"));
  bundles[hash] ??= (async () => {
    const url = URL.createObjectURL(new Blob([String(asset.get("source"))], { type: "text/javascript" }));
    try {
      return await import(url);
    } catch (error) {
      delete bundles[hash];
      throw error;
    } finally {
      URL.revokeObjectURL(url);
    }
  })();
  return bundles[hash];
}

/** In `render`, never in `initialize`: anywidget holds updates back, or drops them, while that one takes its time. */
async function render(view: View): Promise<unknown> {
  try {
    const bundle = await load(view);
    return view.signal?.aborted ? undefined : bundle.mount(view);
  } catch (error) {
    view.el.textContent = `nbblocks could not draw this app: ${error instanceof Error ? error.message : error}`;
    console.error(error);
  }
}

export default { render };
