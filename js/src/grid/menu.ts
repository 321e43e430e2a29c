/** A small menu beside what it is about. */

import { hasFocus, isIn, onScroll } from "../roots";

export interface Item {
  text: string;
  act(): void;
}

/** Show it at a place of `host`; `null` among the items is a line. It goes with a choice, Escape, or a click elsewhere. */
export function openMenu(
  host: HTMLElement,
  at: { x: number; y: number },
  items: (Item | null)[],
  closed: () => void,
): () => void {
  const menu = document.createElement("div");
  menu.className = "nbb-list nbb-grid-menu";
  menu.popover = "manual";
  menu.setAttribute("role", "menu");
  const buttons: HTMLButtonElement[] = [];
  const close = (refocus: boolean) => {
    if (!menu.isConnected) return;
    menu.remove();
    abort.abort();
    if (refocus) closed();
  };
  const abort = new AbortController();
  for (const item of items) {
    if (!item) {
      const line = document.createElement("div");
      line.setAttribute("role", "separator");
      menu.append(line);
      continue;
    }
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("role", "menuitem");
    button.tabIndex = -1;
    button.textContent = item.text;
    button.addEventListener("click", () => {
      close(true);
      item.act();
    });
    buttons.push(button);
    menu.append(button);
  }
  menu.addEventListener("keydown", (event) => {
    const now = buttons.findIndex(hasFocus);
    const next = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: -1 }[event.key];
    if (next !== undefined) buttons.at(next % buttons.length)?.focus();
    else if (event.key === "Escape" || event.key === "Tab") close(true);
    else return event.stopPropagation();
    event.preventDefault();
    event.stopPropagation();
  });
  host.append(menu);
  menu.showPopover?.(); // above all else on the page, so that no output area can clip it
  menu.style.left = `${Math.max(4, Math.min(at.x, innerWidth - menu.offsetWidth - 4))}px`;
  menu.style.top = `${Math.max(4, Math.min(at.y, innerHeight - menu.offsetHeight - 4))}px`;
  const outside = (event: Event) => {
    if (!isIn(event, menu)) close(false);
  };
  menu.ownerDocument.addEventListener("pointerdown", outside, { signal: abort.signal, capture: true });
  const scrolled = (event: Event) => {
    if (!isIn(event, menu)) close(false);
  };
  onScroll(menu, scrolled, abort.signal);
  buttons[0]?.focus({ preventScroll: true });
  return () => close(false);
}
