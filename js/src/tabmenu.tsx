/** The menu of all tabs, for those that there is no room for. */

import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { keepBeside } from "./beside";
import { Icon } from "./icons";
import { isIn } from "./roots";

interface Entry {
  tab: { id: number };
  label: string;
  interactive: boolean;
}

interface TabMenuProps<T extends Entry> {
  /** What holds the tabs; the menu shows when it can not show them all. */
  strip: RefObject<HTMLElement | null>;
  entries: T[];
  current: T | undefined;
  onChoose: (one: T) => void;
}

export function TabMenu<T extends Entry>({ strip, entries, current, onChoose }: TabMenuProps<T>) {
  const needed = useSignal(false);
  const open = useSignal(false);
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const line = strip.current;
    if (!line || !globalThis.ResizeObserver) return;
    const look = () => {
      const own = button.current ? button.current.offsetWidth : 0;
      needed.value = line.scrollWidth > line.clientWidth + own + 1;
      if (!needed.value) open.value = false;
    };
    const watch = new ResizeObserver(look);
    watch.observe(line);
    for (const tab of line.children) watch.observe(tab);
    look();
    return () => watch.disconnect();
  }, [entries.map((one) => `${one.tab.id} ${one.label}`).join("\n")]);

  useLayoutEffect(() => {
    const [anchor, menu] = [strip.current?.parentElement, list.current];
    if (!open.value || !anchor || !menu) return;
    const away = (event: PointerEvent) => {
      if (!isIn(event, menu, button.current)) open.value = false;
    };
    addEventListener("pointerdown", away, { capture: true });
    const stop = keepBeside(anchor, menu, () => {
      open.value = false;
    });
    (menu.querySelector<HTMLElement>('[aria-checked="true"]') ?? (menu.firstElementChild as HTMLElement))?.focus();
    return () => {
      removeEventListener("pointerdown", away, { capture: true });
      stop();
    };
  }, [open.value]);

  const onKeyDown = (event: KeyboardEvent) => {
    const items = [...(list.current?.querySelectorAll<HTMLElement>("button:not(:disabled)") ?? [])];
    const at = items.indexOf(event.target as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (event.key === "Escape" || event.key === "Tab") {
      open.value = false;
      button.current?.focus();
    } else if (to === undefined) return;
    else items[(to + items.length) % items.length]?.focus();
    event.preventDefault();
    event.stopPropagation();
  };

  if (!needed.value) return null;
  return (
    <>
      <button
        ref={button}
        type="button"
        class="nbb-tool nbb-tabmenu"
        aria-label="All tabs"
        title="All tabs"
        aria-haspopup="menu"
        aria-expanded={open.value}
        onClick={() => {
          open.value = !open.value;
        }}
      >
        <Icon name="down" />
      </button>
      {open.value && (
        <div ref={list} class="nbb-list nbb-menu" role="menu" popover="manual" tabIndex={-1} onKeyDown={onKeyDown}>
          {entries.map((one) => (
            <button
              key={one.tab.id}
              type="button"
              role="menuitemradio"
              aria-checked={one === current}
              disabled={!one.interactive}
              onClick={() => {
                open.value = false;
                onChoose(one);
              }}
            >
              <span>{one.label}</span>
              {one === current && <Icon name="check" size={14} />}
            </button>
          ))}
        </div>
      )}
    </>
  );
}
