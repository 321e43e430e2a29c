/** Whether there is a kernel behind the page: a saved notebook shows apps too, but nobody answers. */

import type { AnyModel } from "./wire";

export const STILL = "This is a saved picture of the app: run its cell to use it.";

/** The note to show if nobody answers, else null. Where a host does not tell, there is somebody. */
export async function noteFor(model: AnyModel): Promise<string | null> {
  try {
    const id = String(model.get("bundle")).replace(/^(anywidget:|IPY_MODEL_)/, "");
    // The bundle's model stands for the app's own, which anywidget hides behind a proxy without this field.
    const asset = await model.widget_manager?.get_model(id);
    return asset?.comm_live === false ? STILL : null;
  } catch {
    return null;
  }
}
