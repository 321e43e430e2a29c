/** The module of a widget that stands for one block of an app: it draws that block, wherever it is placed (TR-63). */

import type { Mount } from "./runtime/app";
import { loadAsset, modelOf } from "./runtime/assets";

type View = Omit<Mount, "signal"> & { signal?: AbortSignal };
type Bundle = { mount(view: View): () => void };

function render(view: View): () => void {
  const { model, el, host, signal } = view;
  let end = () => {};
  let latest = 0;
  const draw = async () => {
    end();
    end = () => {};
    latest += 1;
    const mine = latest;
    const place = el.ownerDocument.createElement("div");
    el.replaceChildren(place);
    try {
      const ref = model.get("root");
      if (!ref) throw new Error("its app is not there: run the cell that shows it");
      const [bundle, root] = await Promise.all([
        loadAsset<Bundle>(view, String(model.get("bundle"))),
        modelOf(view, String(ref)),
      ]);
      if (mine !== latest) return;
      end = bundle.mount({ model: root, el: place, only: Number(model.get("block")), ...(host && { host }) });
    } catch (error) {
      if (mine !== latest) return;
      place.textContent = `nbblocks could not draw this part: ${error instanceof Error ? error.message : error}`;
    }
  };
  const changed = () => void draw();
  model.on("change:root", changed);
  changed();
  const stop = () => {
    latest += 1;
    end();
    end = () => {};
    model.off("change:root", changed);
  };
  signal?.addEventListener("abort", stop, { once: true });
  return stop;
}

export default { render };
