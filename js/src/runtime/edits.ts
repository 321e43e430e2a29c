/**
 * What persons have set in this page that the kernel has not seen yet.
 *
 * Each message of a view is numbered, and the kernel says up to which number its updates take those of a view into
 * account. What it gives for a property is older than what was set here as long as it does not know that message.
 */

/** By view, the number of the newest message that the kernel takes into account. */
export type Heard = Readonly<Record<string, number>>;

interface Edit {
  readonly view: string;
  /** Of the message that told of it; null if it was not sent yet. */
  seq: number | null;
}

/** Shared by the views of an app on one page. */
export class Edits {
  readonly #newest = new Map<string, Edit>();
  readonly #heard = new Map<string, number>();

  /** Somebody has set the property `key` in a view. */
  made(key: string, view: string): void {
    this.#newest.set(key, { view, seq: null });
  }

  /** A message tells the kernel of what was set. */
  sent(key: string, view: string, seq: number): void {
    const edit = this.#newest.get(key);
    if (edit?.view === view) edit.seq = seq;
  }

  /** The kernel is not told of it. */
  dropped(key: string): void {
    this.#newest.delete(key);
  }

  /** The kernel has said what it takes into account. */
  heard(heard: Heard | null | undefined): void {
    for (const [view, seq] of Object.entries(heard ?? {})) {
      if (seq > (this.#heard.get(view) ?? -1)) this.#heard.set(view, seq);
    }
  }

  knows(view: string, seq: number): boolean {
    return (this.#heard.get(view) ?? -1) >= seq;
  }

  /** Whether what was set here is newer than what the kernel gives for the same; `heard`: with what it came. */
  isNewer(key: string, heard?: Heard): boolean {
    const edit = this.#newest.get(key);
    if (!edit) return false;
    if (edit.seq === null) return true;
    return heard ? (heard[edit.view] ?? -1) < edit.seq : !this.knows(edit.view, edit.seq);
  }
}
