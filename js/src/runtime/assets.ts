/** Code that comes from the kernel as the text of a widget model: the bundle and its chunks. */

import type { AnyModel, Host } from "./wire";

/** The widget model behind `ref`, whatever host draws the view that asks for it. */
export async function modelOf({ model, host }: { model: AnyModel; host?: Host }, ref: string): Promise<AnyModel> {
  const found = host?.getModel
    ? await host.getModel(ref.replace("IPY_MODEL_", "anywidget:"))
    : await model.widget_manager?.get_model(ref.replace(/^(anywidget:|IPY_MODEL_)/, ""));
  if (!found) throw new Error("the notebook holds no front-end");
  return found;
}

/** The module behind `ref`. Each text is evaluated once per page, by whichever app asks first. */
export async function loadAsset<T>(view: { model: AnyModel; host?: Host }, ref: string): Promise<T> {
  const asset = await modelOf(view, ref);
  const key = Symbol.for("nbblocks");
  const page = globalThis as unknown as Record<symbol, Record<string, Promise<unknown>>>;
  page[key] ??= {};
  const loaded = page[key];
  const hash = String(asset.get("hash"));
  loaded[hash] ??= (async () => {
    const url = URL.createObjectURL(new Blob([String(asset.get("source"))], { type: "text/javascript" }));
    try {
      return await import(url);
    } catch (error) {
      delete loaded[hash];
      throw error;
    } finally {
      URL.revokeObjectURL(url);
    }
  })();
  return loaded[hash] as Promise<T>;
}
