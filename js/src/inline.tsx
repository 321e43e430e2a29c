/** Simple HTML in short texts, such as toasts: read apart from the page, and only what is listed here drawn anew. */

import type { ComponentChildren } from "preact";
import { h } from "preact";
import { safeLink } from "./links";

const DRAWN = new Set(
  "a b blockquote br code del div em hr i ins kbd li mark ol p pre s samp small span strong sub sup u ul".split(" "),
);
/** Elements whose text is none for a reader. */
const LEFT_OUT = new Set("head iframe math noscript object script select style svg template textarea title".split(" "));

/** Draw a text that may hold simple HTML. Nothing in it can run script, load anything or look like the page around. */
export function Inline({ html }: { html: string }) {
  return <>{drawn(parsed(html))}</>;
}

/** What `Inline` draws, as text alone. */
export function wordsOf(html: string): string {
  return parsed(html).textContent ?? "";
}

function parsed(html: string): HTMLElement {
  return new DOMParser().parseFromString(html, "text/html").body;
}

function drawn(parent: Node): ComponentChildren[] {
  return Array.from(parent.childNodes, (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.nodeValue;
    if (node.nodeType !== Node.ELEMENT_NODE) return null;
    const element = node as Element;
    const tag = element.localName;
    if (LEFT_OUT.has(tag)) return null;
    // What no HTML knows was no markup to whoever wrote it, such as "<class 'str'>".
    if (element instanceof HTMLUnknownElement) return [asWritten(element), ...drawn(element)];
    if (!DRAWN.has(tag)) return drawn(element);
    const target = tag === "a" && element.getAttribute("href");
    const href = target ? safeLink(target) : undefined;
    const more = href ? { href, target: "_blank", rel: "noopener noreferrer" } : null;
    return h(tag, more, ...drawn(element));
  });
}

function asWritten({ localName, attributes }: Element): string {
  const words = Array.from(attributes, ({ name, value }) => (value ? `${name}="${value}"` : name));
  return `<${[localName, ...words].join(" ")}>`;
}
