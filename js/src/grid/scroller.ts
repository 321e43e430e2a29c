/** Which rows and columns are in sight, also of a table that is taller than a browser can make an element. */

import { type VirtualItem, Virtualizer } from "@tanstack/virtual-core";

/** Most pixels that rows are given: Firefox ends at 17.8 million, Chromium at 33.5. */
export const TALLEST = 15_000_000;
export const ROW = 34;
/** A scroll further than so many screens is a jump, by the thumb: then the place is that of the thumb. */
const JUMP = 3;
/** Ms of rest after which the thumb is put where the rows are. */
const REST = 160;

type Callback = (offset: number, scrolling: boolean) => void;

export class Scroller {
  readonly #el: HTMLElement;
  readonly #head: HTMLElement;
  readonly #rows: Virtualizer<HTMLElement, HTMLElement>;
  readonly #columns: Virtualizer<HTMLElement, HTMLElement>;
  readonly #stop: (() => void)[] = [];
  #tell: Callback = () => {};
  #top = 0;
  /** Where the view begins, in pixels of the whole table. */
  #offset = 0;
  #resting: ReturnType<typeof setTimeout> | undefined;
  #widths: readonly number[] = [];
  #count = 0;

  constructor(el: HTMLElement, head: HTMLElement, changed: () => void) {
    this.#el = el;
    this.#head = head;
    this.#rows = new Virtualizer<HTMLElement, HTMLElement>(this.#rowOptions(changed));
    this.#columns = new Virtualizer<HTMLElement, HTMLElement>(this.#columnOptions(changed));
    for (const one of [this.#rows, this.#columns]) {
      this.#stop.push(one._didMount());
      one._willUpdate();
    }
  }

  #rowOptions(onChange: () => void) {
    return {
      count: this.#count,
      getScrollElement: () => this.#el,
      estimateSize: () => ROW,
      overscan: 6,
      onChange,
      indexAttribute: "data-row",
      initialRect: { width: 800, height: 400 },
      observeElementRect: (_: unknown, tell: (rect: { width: number; height: number }) => void) =>
        this.#watch(() => {
          const height = this.#el.clientHeight - this.#head.offsetHeight;
          tell({ width: this.#el.clientWidth || 800, height: this.#el.clientHeight ? height : 400 });
        }),
      observeElementOffset: (_: unknown, tell: Callback) => {
        this.#tell = tell;
        tell(this.#offset, false);
        const scrolled = () => this.#scrolled();
        this.#el.addEventListener("scroll", scrolled, { passive: true });
        return () => this.#el.removeEventListener("scroll", scrolled);
      },
      scrollToFn: (offset: number, { adjustments = 0 }: { adjustments?: number }) => this.#go(offset + adjustments),
    };
  }

  #columnOptions(onChange: () => void) {
    return {
      count: this.#widths.length,
      getScrollElement: () => this.#el,
      estimateSize: (index: number) => this.#widths[index]!,
      overscan: 3,
      horizontal: true,
      onChange,
      initialRect: { width: 800, height: 400 },
      observeElementRect: (_: unknown, tell: (rect: { width: number; height: number }) => void) =>
        // The same columns may be in sight, and yet too wide now.
        this.#watch(() => tell({ width: this.#el.clientWidth || 800, height: 400 }), onChange),
      observeElementOffset: (_: unknown, tell: Callback) => {
        const scrolled = () => tell(Math.abs(this.#el.scrollLeft), true);
        scrolled();
        this.#el.addEventListener("scroll", scrolled, { passive: true });
        return () => this.#el.removeEventListener("scroll", scrolled);
      },
      scrollToFn: (offset: number, { adjustments = 0 }: { adjustments?: number }) => {
        this.#el.scrollLeft = offset + adjustments;
      },
    };
  }

  #watch(tell: () => void, resized = () => {}): () => void {
    tell();
    const observer = new ResizeObserver(() => {
      tell();
      resized();
    });
    observer.observe(this.#el);
    return () => observer.disconnect();
  }

  /** The table has so many rows, and columns so wide. */
  update(count: number, widths: readonly number[], changed: () => void): void {
    this.#count = count;
    const same = widths.length === this.#widths.length && widths.every((one, i) => one === this.#widths[i]);
    this.#widths = widths;
    this.#rows.setOptions(this.#rowOptions(changed));
    this.#rows._willUpdate();
    this.#columns.setOptions(this.#columnOptions(changed));
    if (!same) this.#columns.measure();
    this.#columns._willUpdate();
    if (this.#offset > this.#most) this.#place(this.#most);
  }

  /** Rows have other heights now, such as after a change of the table. */
  measure(): void {
    this.#rows.measure();
  }

  measureRow(el: HTMLElement): void {
    this.#rows.measureElement(el);
  }

  get rows(): VirtualItem[] {
    return this.#rows.getVirtualItems();
  }

  get columns(): VirtualItem[] {
    return this.#columns.getVirtualItems();
  }

  /** Pixels of all rows, as far as an element can be so tall. */
  get height(): number {
    return Math.min(TALLEST, this.#rows.getTotalSize());
  }

  /** Where a row stands that begins at `start` of the table. */
  place(start: number): number {
    return this.#scaled ? start - this.#offset + this.#el.scrollTop : start;
  }

  get #scaled(): boolean {
    return this.#rows.getTotalSize() > TALLEST;
  }

  get #view(): number {
    return this.#el.clientHeight - this.#head.offsetHeight;
  }

  get #most(): number {
    return Math.max(0, this.#rows.getTotalSize() - this.#view);
  }

  #scrolled(): void {
    const top = this.#el.scrollTop;
    const moved = top - this.#top;
    this.#top = top;
    if (!this.#scaled) this.#offset = top;
    else if (moved) {
      const bottom = this.height - this.#view;
      if (top <= 0) this.#offset = 0;
      else if (top >= bottom - 1) this.#offset = this.#most;
      else if (Math.abs(moved) > JUMP * this.#view) this.#offset = (top / bottom) * this.#most;
      else this.#offset = Math.min(this.#most, Math.max(0, this.#offset + moved));
      clearTimeout(this.#resting);
      this.#resting = setTimeout(() => this.#place(this.#offset), REST);
    }
    this.#tell(this.#offset, true);
  }

  /** Put the thumb where the rows are; they do not move. */
  #place(offset: number): void {
    this.#offset = offset;
    const bottom = this.height - this.#view;
    const top = this.#scaled ? (offset / Math.max(1, this.#most)) * bottom : offset;
    // Near an end the thumb must leave room to go on.
    this.#el.scrollTop =
      this.#scaled && offset > 0 && offset < this.#most ? Math.min(bottom - 2, Math.max(2, top)) : top;
    this.#top = this.#el.scrollTop;
    this.#tell(this.#offset, false);
  }

  #go(offset: number): void {
    this.#place(Math.min(this.#most, Math.max(0, offset)));
  }

  /** Bring a row into sight. */
  toRow(row: number): void {
    this.#rows.getTotalSize(); // brings the measurements up to date
    const item = this.#rows.measurementsCache[row];
    if (!item) return;
    // Its own `scrollToIndex` knows no further than the element is tall.
    if (item.start < this.#offset) this.#go(item.start);
    else if (item.end > this.#offset + this.#view) this.#go(item.end - this.#view);
  }

  /** Rows that fit on a screen. */
  get page(): number {
    return Math.max(1, Math.floor(this.#view / ROW) - 1);
  }

  destroy(): void {
    clearTimeout(this.#resting);
    for (const stop of this.#stop) stop();
  }
}
