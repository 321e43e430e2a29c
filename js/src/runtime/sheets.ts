/** The front-end's style sheets, put once into each document (or shadow root) that shows an app. */

const texts: string[] = [];
/** How many of the texts are there already. */
const done = new WeakMap<Node, number>();
const own = new WeakMap<Node, Set<string>>();

/** Called by every style sheet as the bundle, or a part of it, is evaluated. */
export function add(text: string): void {
  texts.push(text);
}

/** Put the style sheets where they reach `el`: those that came since the last time. */
export function attach(el: HTMLElement): void {
  const scope = scopeOf(el);
  const there = done.get(scope) ?? 0;
  if (there === texts.length) return;
  done.set(scope, texts.length);
  write(scope, texts.slice(there).join("\n"));
}

/** Put the style sheet of a chunk where it reaches `el`. */
export function attachSheet(el: HTMLElement, sheet: string): void {
  const scope = scopeOf(el);
  const there = own.get(scope) ?? new Set();
  if (there.has(sheet)) return;
  own.set(scope, there.add(sheet));
  write(scope, sheet);
}

function scopeOf(el: HTMLElement): Document | ShadowRoot {
  const root = el.getRootNode();
  return root instanceof ShadowRoot ? root : (el.ownerDocument ?? document);
}

function write(scope: Document | ShadowRoot, text: string): void {
  const style = document.createElement("style");
  style.dataset.nbblocks = "";
  style.textContent = text;
  (scope instanceof ShadowRoot ? scope : scope.head).append(style);
}
