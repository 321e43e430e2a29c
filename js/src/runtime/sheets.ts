/** The bundle's style sheets, put once into each document (or shadow root) that shows an app. */

const texts: string[] = [];
const done = new WeakSet<Node>();

/** Called by every style sheet as the bundle is evaluated. */
export function add(text: string): void {
  texts.push(text);
}

/** Put the style sheets where they reach `el`. */
export function attach(el: HTMLElement): void {
  const root = el.getRootNode();
  const scope = root instanceof ShadowRoot ? root : (el.ownerDocument ?? document);
  if (done.has(scope)) return;
  done.add(scope);
  const style = document.createElement("style");
  style.dataset.nbblocks = "";
  style.textContent = texts.join("\n");
  (scope instanceof ShadowRoot ? scope : scope.head).append(style);
}
