/** Pictures and films of a gallery: small ones in a grid or strip, and one of them large. */

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useContent, useInSight } from "./contents";
import type { GalleryProps } from "./contract";
import { usePicture } from "./files";
import { Icon } from "./icons";
import { Tool } from "./intake";
import type { AppFace } from "./runtime/define";
import { Spinner } from "./runtime/field";
import type { FileRecord } from "./runtime/wire";

export type Item = GalleryProps["value"][number];

/** Largest film, in bytes, that is fetched to show its first picture in the grid. */
const SMALL_FILM = 4 * 1024 * 1024;

export const recordOf = (item: Item): FileRecord => item.video ?? item.image;

/** What an entry is called: its caption, or the file's name. */
export const nameOf = (item: Item): string => item.caption || recordOf(item).orig_name || "entry";

/** An entry as it goes to the kernel, which has the content. */
export function bare(item: Item): Item {
  const { data: _, ...record } = recordOf(item);
  const { caption } = item;
  return item.video ? { video: record, caption } : { image: record, caption };
}

/** One entry, small: fetched when it comes into sight. */
export function Small({ item, app }: { item: Item; app: AppFace }) {
  const place = useRef<HTMLSpanElement>(null);
  const inSight = useInSight(place);
  const record = recordOf(item);
  const isFilm = item.video !== undefined;
  const quick = !isFilm || (record.size ?? 0) <= SMALL_FILM;
  const source = usePicture(useContent(app, record, inSight && quick));
  return (
    <span ref={place} class="nbb-small" aria-hidden="true">
      {!source ? (
        <Icon name={isFilm ? "play" : "picture"} size={22} />
      ) : isFilm ? (
        <video src={source} preload="metadata" muted playsInline tabIndex={-1} />
      ) : (
        <img src={source} alt="" loading="lazy" decoding="async" draggable={false} />
      )}
      {source && isFilm && (
        <span class="nbb-small-film">
          <Icon name="play" size={14} />
        </span>
      )}
    </span>
  );
}

/** One entry, large. */
export function Large({ item, app }: { item: Item; app: AppFace }) {
  const source = usePicture(useContent(app, recordOf(item)));
  if (!source) {
    return app.live ? (
      <span role="status" aria-label="Loading">
        <Spinner />
      </span>
    ) : (
      <Icon name="picture" size={28} />
    );
  }
  return item.video ? (
    // biome-ignore lint/a11y/useMediaCaption: there is no track to show
    <video key={source} src={source} controls playsInline />
  ) : (
    <img src={source} alt={nameOf(item)} />
  );
}

interface GridProps {
  items: readonly Item[];
  chosen: number | null;
  /** The entry that keeps the grid's place in the order of Tab. */
  active: number;
  app: AppFace;
  /** Whether entries are chosen in the grid, for lack of a preview. */
  picks: boolean;
  onActive: (index: number) => void;
  onChoose: (index: number) => void;
  onRemove: ((index: number) => void) | null;
}

/** All entries, in rows; arrow keys go from one to the next. */
export function Grid({ items, chosen, active, app, picks, onActive, onChoose, onRemove }: GridProps) {
  const list = useRef<HTMLUListElement>(null);
  const move = (event: KeyboardEvent) => {
    const grid = list.current;
    if (!grid || !(event.target as Element).matches(".nbb-tile")) return;
    const style = getComputedStyle(grid);
    const columns = style.gridTemplateColumns.split(" ").length;
    const on = style.direction === "rtl" ? -1 : 1;
    const last = items.length - 1;
    const steps: Record<string, number> = {
      ArrowRight: active + on,
      ArrowLeft: active - on,
      ArrowDown: active + columns,
      ArrowUp: active - columns,
      Home: 0,
      End: last,
    };
    const next = steps[event.key];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (next >= 0 && next <= last) grid.querySelectorAll<HTMLElement>(".nbb-tile")[next]?.focus();
  };
  return (
    <ul ref={list} class="nbb-tiles" onKeyDown={move}>
      {items.map((item, at) => (
        <li key={`${at}/${recordOf(item).path}`}>
          <button
            type="button"
            class={`nbb-tile${at === chosen ? " nbb-tile-chosen" : ""}`}
            tabIndex={at === active ? 0 : -1}
            aria-label={`${at + 1}: ${nameOf(item)}`}
            aria-pressed={picks ? at === chosen : undefined}
            onFocus={() => onActive(at)}
            onClick={() => onChoose(at)}
          >
            <Small item={item} app={app} />
            {item.caption && <span class="nbb-tile-caption">{item.caption}</span>}
          </button>
          {onRemove && <Tool icon="close" name={`Remove ${nameOf(item)}`} onClick={() => onRemove(at)} />}
        </li>
      ))}
    </ul>
  );
}

interface StripProps {
  items: readonly Item[];
  chosen: number;
  app: AppFace;
  onChoose: (index: number) => void;
}

/** All entries in one line; the chosen one is kept in sight. */
export function Strip({ items, chosen, app, onChoose }: StripProps) {
  const line = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const el = line.current?.children[chosen] as HTMLElement | undefined;
    if (!line.current || !el) return;
    // Not scrollIntoView, which moves the page too.
    line.current.scrollTo?.({ left: el.offsetLeft - (line.current.clientWidth - el.clientWidth) / 2 });
  }, [chosen, items.length]);
  return (
    <div ref={line} class="nbb-strip">
      {items.map((item, at) => (
        <button
          key={`${at}/${recordOf(item).path}`}
          type="button"
          tabIndex={-1}
          class={at === chosen ? "nbb-strip-chosen" : ""}
          aria-label={`${at + 1}: ${nameOf(item)}`}
          aria-current={at === chosen}
          onClick={() => onChoose(at)}
        >
          <Small item={item} app={app} />
        </button>
      ))}
    </div>
  );
}

interface PreviewProps extends StripProps {
  /** Whether it takes the focus as it opens: from the user's click, not when its author has opened it. */
  grab: { current: boolean };
  tools: ComponentChildren;
  onKey: (event: KeyboardEvent) => void;
}

/** One entry large, with its caption, and ways to the others. */
export function Preview({ items, chosen, app, grab, tools, onChoose, onKey }: PreviewProps) {
  const place = useRef<HTMLDivElement>(null);
  const item = items[chosen]!;
  const count = items.length;
  useLayoutEffect(() => {
    if (grab.current) place.current?.focus({ preventScroll: true });
    grab.current = false;
  }, []);
  return (
    // biome-ignore lint/a11y/useSemanticElements: not a set of form controls
    <div
      ref={place}
      class="nbb-preview"
      role="group"
      aria-label={`${chosen + 1} of ${count}: ${nameOf(item)}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys go from one entry to the next
      tabIndex={0}
      onKeyDown={onKey}
    >
      <div class="nbb-preview-stage">
        <Large item={item} app={app} />
        {count > 1 && <Turn way="left" onClick={() => onChoose((chosen + count - 1) % count)} />}
        {count > 1 && <Turn way="right" onClick={() => onChoose((chosen + 1) % count)} />}
        <div class="nbb-media-tools nbb-lasting">{tools}</div>
      </div>
      <div class={item.caption ? "nbb-preview-caption" : "nbb-sr"} aria-live="polite">
        {item.caption ?? nameOf(item)}
      </div>
      {count > 1 && <Strip items={items} chosen={chosen} app={app} onChoose={onChoose} />}
    </div>
  );
}

export function Turn({ way, onClick }: { way: "left" | "right"; onClick: () => void }) {
  const name = way === "left" ? "Previous" : "Next";
  return (
    <button type="button" class={`nbb-tool nbb-turn nbb-turn-${way}`} aria-label={name} title={name} onClick={onClick}>
      <Icon name={way} />
    </button>
  );
}
