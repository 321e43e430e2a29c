/** Widget: draws a widget from elsewhere by its own view. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { WidgetProps } from "../contract";
import { type AppFace, define } from "../runtime/define";
import "./widget.css";

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

export default define<WidgetProps>(({ props, app }) => {
  const place = useRef<HTMLDivElement>(null);
  const [fault, setFault] = useState<string | null>(null);
  const { model } = props;
  useEffect(() => {
    const gone = new AbortController();
    setFault(null);
    if (model)
      draw(app, model, place.current!, gone.signal).catch((error: unknown) => {
        if (!gone.signal.aborted) setFault(error instanceof Error ? error.message : String(error));
      });
    return () => gone.abort();
  }, [model]);
  return (
    <>
      <div class="nbb-widget-place" ref={place} />
      {fault && (
        <p class="nbb-mishap" role="alert">
          This widget cannot be shown here: {fault}
        </p>
      )}
    </>
  );
});

async function draw(app: AppFace, ref: string, place: HTMLElement, gone: AbortSignal): Promise<void> {
  const id = ref.replace("IPY_MODEL_", "");
  const manager = app.manager as unknown as Manager | undefined;
  if (!manager?.create_view) {
    const widget = (await app.host?.getWidget?.(`anywidget:${id}`)) as
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
