/** What style sheets in a shadow root cannot see: whether the page around it is light or dark. */

import { around, hostsOf } from "../roots";

/** Marks by which hosts tell, those that theme.css looks for. */
const LIGHT = '[data-jp-theme-light="true"], .vscode-light, .vscode-high-contrast-light, html[theme="light"]';
const DARK = '[data-jp-theme-light="false"], .vscode-dark, .vscode-high-contrast, html[theme="dark"]';

/** Tell the place of an app that is in a shadow root, as it changes. */
export function followScheme(el: HTMLElement, abort: AbortSignal): void {
  const hosts = hostsOf(el);
  if (!hosts.length) return;
  const tell = () => {
    const marked = [...around(el)].find((one) => one.matches(`${LIGHT}, ${DARK}`));
    el.style.colorScheme = !marked ? "" : marked.matches(LIGHT) ? "light" : "dark";
  };
  const { body, documentElement } = el.ownerDocument;
  const changes = new MutationObserver(tell);
  for (const one of new Set([documentElement, body, ...hosts])) changes.observe(one, { attributes: true });
  tell();
  abort.addEventListener("abort", () => changes.disconnect());
}
