/** Keys that JupyterLab would take as commands before the element that has the focus gets them. */

import { hostsOf } from "./roots";

/** Attribute of an element that has its keys to itself. */
const OWN = "data-lm-suppress-shortcuts";

/** Say whether the key that is being pressed in `el` is its own. From outside of a shadow root only the host is seen. */
export function claimKeys(el: Element, own: boolean): void {
  el.toggleAttribute(OWN, own);
  for (const host of hostsOf(el)) {
    if (!own || host.hasAttribute(OWN)) continue;
    host.setAttribute(OWN, "");
    // The host has keys of its own, and may be asked about the next one before we are.
    setTimeout(() => host.removeAttribute(OWN));
  }
}

/** Whether a key is Enter, and not one of an input method's: those choose what is composed (Safari tells by the code). */
export function isEnter(event: KeyboardEvent): boolean {
  return event.key === "Enter" && !isComposing(event);
}

/** Whether a key is an input method's. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}
