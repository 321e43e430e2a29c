/** Put an app into an element. */

import { render } from "preact";
import { onceShown, onShown } from "../roots";
import { App, type Mount } from "./app";
import type { Registry } from "./define";
import { bindHandles } from "./handles";
import { noteFor } from "./liveness";
import { NO_PARTS } from "./parts";
import { Root } from "./root";
import { followScheme } from "./scheme";
import { attachAll } from "./sheets";
import { hidePicture } from "./still";

/** Draw the app and go live. All of it ends with `signal`; where a host gives none, the returned function ends it. */
export function mountApp(
  given: Omit<Mount, "signal"> & { signal?: AbortSignal },
  registry: Registry,
  parts = NO_PARTS,
): () => void {
  const controller = new AbortController();
  const { el } = given;
  given.signal?.addEventListener("abort", () => controller.abort(), { once: true });
  if (given.signal?.aborted) return () => {};
  const app = new App({ ...given, signal: controller.signal }, registry, parts);
  bindHandles(app);
  const draw = () => {
    onShown(el, () => attachAll(el), controller.signal);
    followScheme(el, controller.signal);
    hidePicture(app);
    render(<Root app={app} />, el);
  };
  onceShown(el, draw, controller.signal);
  controller.signal.addEventListener("abort", () => render(null, el));
  void noteFor(given.model).then((note) => {
    if (controller.signal.aborted) return;
    if (note) app.note.value = note;
    else if (app.options.peek().live) app.start();
  });
  return () => controller.abort();
}
