/** Markup from kernels is untrusted text: what comes out of here can not run script. */

import createDOMPurify, { type Config } from "dompurify";
import { scopedFreely } from "./scoping";

// An instance of our own: hooks on the shared one would reach the host's.
const purifier = createDOMPurify(window);

purifier.addHook("afterSanitizeAttributes", (element) => {
  const target = element.tagName === "A" ? element.getAttribute("href") : null;
  if (target && !target.startsWith("#")) {
    element.setAttribute("target", "_blank");
    element.setAttribute("rel", "noopener noreferrer");
  }
});

const never = ["base", "meta", "link"];

// A style sheet is for apps, not for the page around them. Before DOMPurify looks at its text.
purifier.addHook("uponSanitizeElement", (element) => {
  if (element.nodeName.toLowerCase() === "style")
    element.textContent = scopedFreely(element.textContent ?? "", ".nbb-app");
});

/** No style sheets, forms or placed boxes either, which could dress up as the page around them. */
const prose: Config = { FORBID_TAGS: [...never, "style", "form", "button", "textarea", "select"] };

/** FORCE_BODY keeps a style sheet that comes first. */
const markup: Config = { FORBID_TAGS: never, FORCE_BODY: true };

/** The HTML of a text that says what it says, and no more. */
export function cleanProse(html: string): string {
  return purifier.sanitize(html, prose) as string;
}

/** The HTML that an author wrote as such: styles stay, and apply to apps. */
export function cleanMarkup(html: string): string {
  return purifier.sanitize(html, markup) as string;
}
