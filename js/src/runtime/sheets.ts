/** The bundle's style sheets, put once into each document (or shadow root) that shows an app. */

const texts: string[] = [];
const done = new WeakMap<Node, Set<string>>();

/** Called by every style sheet as the bundle is evaluated. */
export function add(text: string): void {
  texts.push(text);
}

/** Put the style sheets where they reach `el`; or else `sheet`, which came later with a chunk. */
export function attach(el: HTMLElement, sheet = texts.join("\n")): void {
  const root = el.getRootNode();
  const scope = root instanceof ShadowRoot ? root : (el.ownerDocument ?? document);
  const there = done.get(scope) ?? new Set();
  if (there.has(sheet)) return;
  done.set(scope, there.add(sheet));
  const style = document.createElement("style");
  style.dataset.nbblocks = "";
  style.textContent = sheet;
  (scope instanceof ShadowRoot ? scope : scope.head).append(style);
}
