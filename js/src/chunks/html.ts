/** Markup of authors: made harmless where it is a value, and put into the page with as little change as possible. */

import morphdom from "morphdom";
import { hasFocus } from "../roots";

export { cleanMarkup } from "../sanitise";

/** Make what stands in `box` like `html`. What is the same stays, with its listeners, and so does what one types into. */
export function morph(box: HTMLElement, html: string): void {
  const wanted = box.cloneNode(false) as HTMLElement;
  wanted.innerHTML = html;
  morphdom(box, wanted, {
    childrenOnly: true,
    onBeforeElUpdated: (from, to) => !from.isEqualNode(to) && !(isField(from) && hasFocus(from) && follow(from, to)),
  });
}

function isField(element: Element): boolean {
  return ["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName);
}

/** Give a field that is being typed into its new attributes, but not its text. */
function follow(from: Element, to: Element): true {
  for (const { name, value } of to.attributes) if (name !== "value") from.setAttribute(name, value);
  for (const { name } of [...from.attributes]) if (!to.hasAttribute(name)) from.removeAttribute(name);
  return true;
}
