/** The picture of an app that its notebook keeps for those who open it without: a view takes its place (TR-62). */

import type { App } from "./app";

/** Hide it, and the host's box around it, as long as this page has a view. */
export function hidePicture(app: App): void {
  const mark = app.model.signal<string | undefined>("picture").peek();
  if (!mark) return;
  app.company.alone("picture", app.abort, (signal) => {
    const style = document.createElement("style");
    style.textContent = `.${mark}, .jp-OutputArea-child:has(.${mark}) { display: none !important; }`;
    document.head.append(style);
    signal.addEventListener("abort", () => style.remove());
  });
}
