/** The picture of an app that its notebook keeps for those who open it without: a view takes its place (TR-62). */

import type { App } from "./app";

/** Hide it, and the host's box around it, as long as this page has a view; what is in it comes with the notebook. */
export function hidePicture(app: App): void {
  const mark = app.model.signal<string | undefined>("picture").peek();
  if (!mark) return;
  app.company.alone("picture", app.abort, (signal) => {
    const page = app.el.ownerDocument;
    const style = page.createElement("style");
    style.textContent = `.${mark}, .jp-OutputArea-child:has(.${mark}) { display: none !important; }`;
    page.head.append(style);
    const empty = () => {
      for (const one of page.getElementsByClassName(mark)) if (one.firstChild) one.replaceChildren();
    };
    const news = new MutationObserver(empty);
    news.observe(app.el.closest(".jp-OutputArea") ?? page.body, { childList: true, subtree: true });
    empty();
    signal.addEventListener("abort", () => {
      style.remove();
      news.disconnect();
    });
  });
}
