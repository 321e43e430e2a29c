/** Handles: widget models from outside, such as those of `jslink`, that follow the value of a block and set it. */

import { effect } from "@preact/signals";
import type { App } from "./app";
import { packed, unpacked } from "./exact";
import { same } from "./same";
import type { AnyModel } from "./wire";

/**
 * Bind the handles that the app has and gets, by block. An app of one block is its handle itself.
 *
 * One view of a page does it for all: a change of a handle is one event.
 */
export function bindHandles(app: App): void {
  app.company.alone("handles", app.abort, () => bindAll(app));
}

function bindAll(app: App): void {
  const bound = new Set<string>();
  const handles = app.model.signal<Record<string, string>>("handles", {});
  const stop = effect(() => {
    for (const [id, ref] of Object.entries(handles.value ?? {})) {
      if (bound.has(id)) continue;
      bound.add(id);
      if (ref === "root") bind(app, Number(id), app.raw);
      else
        void app.raw.widget_manager?.get_model(ref.replace("IPY_MODEL_", "")).then((model) => {
          if (!app.abort.aborted) bind(app, Number(id), model);
        });
    }
  });
  app.abort.addEventListener("abort", stop);
}

function bind(app: App, id: number, model: AnyModel): void {
  const value = app.model.prop(id, app.typeOf(id), "value");
  let following = false;
  const stop = effect(() => {
    const now = value.value;
    if (same(unpacked(model.get("value")), now)) return;
    following = true;
    try {
      model.set("value", packed(now));
    } finally {
      following = false;
    }
  });
  const changed = () => {
    if (!following) app.emitter.emit(id, "input", { value: unpacked(model.get("value")) });
  };
  model.on("change:value", changed);
  app.abort.addEventListener("abort", () => {
    stop();
    model.off("change:value", changed);
  });
}
