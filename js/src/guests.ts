/** Views of widgets from elsewhere. */

import type { Host } from "./runtime/wire";

/** The view that a widget manager makes; Lumino's messages tell it of its place in the page. */
interface View {
  readonly el: HTMLElement;
  readonly luminoWidget?: { processMessage(message: unknown): void };
  remove(): void;
}
interface Manager {
  get_model(id: string): Promise<unknown>;
  create_view(model: unknown, options?: unknown): Promise<View>;
}

/** Draw the widget whose model has that id; its view is gone with `gone`. */
export async function drawWidget(
  page: { manager?: unknown; host?: Host | undefined },
  id: string,
  place: HTMLElement,
  gone: AbortSignal,
): Promise<void> {
  const manager = page.manager as Manager | undefined;
  if (!manager?.create_view) {
    const widget = (await page.host?.getWidget?.(`anywidget:${id}`)) as
      | { render(given: { el: HTMLElement; signal: AbortSignal }): Promise<void> }
      | undefined;
    if (!widget) throw new Error("this page has no widget manager");
    await widget.render({ el: place, signal: gone });
    return;
  }
  const view = await manager.create_view(await manager.get_model(id));
  if (gone.aborted) return view.remove();
  const tell = (type: string) =>
    view.luminoWidget?.processMessage({ type, isConflatable: false, conflate: () => false });
  tell("before-attach");
  place.append(view.el);
  tell("after-attach");
  gone.addEventListener("abort", () => {
    // Its place is gone from the page already, which Lumino would refuse to detach it from.
    tell("before-detach");
    view.el.remove();
    tell("after-detach");
    view.remove();
  });
}
