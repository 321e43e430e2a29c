/**
 * Where an element stands: in the document, or in the shadow root of a host that draws apps in one.
 *
 * The document says of a shadow root only that its host has the focus, is under the pointer, or was the target of an
 * event: what is asked about an app is asked here.
 */

export type Root = Document | ShadowRoot;

/** The root that `el` stands in; that of an element that stands nowhere is the document. */
export function rootOf(el: Node): Root {
  const root = el.getRootNode();
  return isShadow(root) ? root : (el.ownerDocument ?? document);
}

export function isShadow(root: Node): root is ShadowRoot {
  return root.nodeType === Node.DOCUMENT_FRAGMENT_NODE && "host" in root;
}

/** All roots around `el`, from the nearest to the document. */
export function rootsOf(el: Node): Root[] {
  const found: Root[] = [];
  for (let root = rootOf(el); ; root = rootOf((root as ShadowRoot).host)) {
    found.push(root);
    if (!isShadow(root)) return found;
  }
}

/** Hosts of the shadow roots that `el` stands in, from the nearest on. */
export function hostsOf(el: Node): Element[] {
  return rootsOf(el)
    .filter(isShadow)
    .map((root) => root.host);
}

/** What is around `el`, out of shadow roots too. */
export function* around(el: Element): Generator<HTMLElement> {
  for (let one = outOf(el); one; one = outOf(one)) yield one as HTMLElement;
}

function outOf(el: Element): Element | null {
  if (el.assignedSlot ?? el.parentElement) return el.assignedSlot ?? el.parentElement;
  const root = el.getRootNode();
  return isShadow(root) ? root.host : null;
}

/** Where style sheets for `el` go. */
export function sheetHomeOf(el: Node): ShadowRoot | HTMLHeadElement {
  const root = rootOf(el);
  return isShadow(root) ? root : root.head;
}

/** The element that has the focus, however deep; null if none has. */
export function focused(page: Document): HTMLElement | null {
  let found = page.activeElement;
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
  return found === page.body ? null : (found as HTMLElement | null);
}

export function hasFocus(el: Element): boolean {
  return rootOf(el).activeElement === el;
}

/** Whether the focus is in `el`. */
export function holdsFocus(el: Element): boolean {
  const { activeElement } = rootOf(el);
  return activeElement !== null && el.contains(activeElement);
}

/** The element under a point of the window, of those that stand where `el` does. */
export function elementAt(el: Element, x: number, y: number): Element | null {
  return rootOf(el).elementFromPoint(x, y);
}

interface Composed {
  getComposedRanges?(options: { shadowRoots: ShadowRoot[] }): StaticRange[];
}

/** What is selected of the text in `box`, or where the caret is; null if that is not in it alone. */
export function selectedIn(box: Element): AbstractRange | null {
  const root = rootOf(box);
  const page = box.ownerDocument.getSelection();
  // Only Chromium asks the root; the others tell what is inside if one names it.
  const own = isShadow(root) ? (root as Partial<Pick<Document, "getSelection">>).getSelection?.() : page;
  const composed = own || !isShadow(root) ? undefined : (page as Composed | null)?.getComposedRanges;
  const range = composed
    ? composed.call(page, { shadowRoots: [root as ShadowRoot] })[0]
    : (own ?? page)?.rangeCount
      ? (own ?? page)!.getRangeAt(0)
      : undefined;
  return range && box.contains(range.startContainer) && box.contains(range.endContainer) ? range : null;
}

/** What is selected in the box that has the focus, and what stands before it in its line: that is selected then. */
export function selectedTexts(box: Element): [chosen: string, before: string] | null {
  const selection = box.ownerDocument.getSelection?.();
  if (!selection?.modify) return null;
  const chosen = selection.toString();
  selection.modify("extend", "backward", "lineboundary");
  return [chosen, selection.toString()];
}

/** Select nothing. */
export function unselect(el: Element): void {
  el.ownerDocument.getSelection()?.removeAllRanges();
}

/** Whether an event happened in one of these, as seen from wherever one listens. */
export function isIn(event: Event, ...places: (EventTarget | null | undefined)[]): boolean {
  const path = event.composedPath();
  return places.some((one) => one && path.includes(one));
}

/** Hear whatever scrolls around or beside `el`: that is told in its own root alone. */
export function onScroll(el: Element, scrolled: (event: Event) => void, signal: AbortSignal): void {
  const how = { capture: true, passive: true, signal };
  for (const root of rootsOf(el)) {
    if (isShadow(root)) root.addEventListener("scroll", scrolled, how);
    else (root.defaultView ?? window).addEventListener("scroll", scrolled, how);
  }
}

/** Whether `el` is in the page, and in no part of it that is not displayed: else it has no size, no colours and no font. */
export function isShown(el: Element): boolean {
  return el.checkVisibility?.() ?? el.isConnected;
}

/**
 * Call `shown` now if `el` is shown, and whenever it comes to be: hosts draw a view before it has a place, hide it, take it
 * from the page and put it back. What measures itself, or reads colours, does so then.
 */
export function onShown(el: Element, shown: () => void, signal: AbortSignal): void {
  let was = isShown(el);
  if (was) shown();
  if (!("ResizeObserver" in globalThis)) {
    if (!was) shown();
    return;
  }
  const sizes = new ResizeObserver(() => {
    const before = was;
    was = isShown(el);
    if (was && !before) shown();
  });
  sizes.observe(el);
  signal.addEventListener("abort", () => sizes.disconnect());
}

/** Call `shown` once `el` is shown, which may be empty until then. */
export function onceShown(el: HTMLElement, shown: () => void, signal: AbortSignal): void {
  if (isShown(el)) {
    shown();
    return;
  }
  // Something that has a size, whatever that of an empty `el` is.
  const probe = el.appendChild(el.ownerDocument.createElement("div"));
  Object.assign(probe.style, { width: "1px", height: "1px" });
  const done = new AbortController();
  signal.addEventListener("abort", () => done.abort(), { once: true });
  const now = () => {
    done.abort();
    probe.remove();
    shown();
  };
  onShown(probe, now, done.signal);
}

/** Put something on the page that belongs to no view, such as what a library looks for there. */
export function putOnPage(page: Document, el: HTMLElement): void {
  page.body.append(el);
}

/** What has this id in the whole page, for libraries that look for it there. */
export function onPage(page: Document, id: string): HTMLElement | null {
  return page.getElementById(id);
}
