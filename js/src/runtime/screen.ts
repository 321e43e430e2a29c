/** Draws the rows of a log into an element: what is new is added, what stands stays. */

import type { Row, Terminal } from "./terminal";

/** What a row's element shows now. */
interface Drawn {
  readonly el: HTMLElement;
  spans: number;
  /** Text of the last span, and how much of it there is: more of it is appended. */
  text: Text | null;
  length: number;
  shown: unknown;
}

export class Screen {
  readonly #drawn = new Map<Row, Drawn>();
  readonly #body: HTMLElement;
  readonly #show: (el: HTMLElement, shown: unknown) => void;
  /** Nodes and characters given to the page so far, for tests. */
  nodes = 0;
  characters = 0;

  /** `show` draws something displayed into an element; null takes it away. */
  constructor(body: HTMLElement, show: (el: HTMLElement, shown: unknown) => void) {
    this.#body = body;
    this.#show = show;
  }

  /** Draw what has changed since the last time. */
  draw(terminal: Terminal): void {
    this.drop(terminal);
    const added = this.#body.ownerDocument.createDocumentFragment();
    for (const row of terminal.changed) {
      if (row.gone) continue;
      const drawn = this.#drawn.get(row);
      if (drawn) this.#update(row, drawn);
      else this.#add(row, added);
    }
    this.#body.append(added);
    terminal.changed.clear();
  }

  /** Take away what is gone. */
  drop(terminal: Terminal): void {
    for (const row of terminal.removed) this.#remove(row);
    terminal.removed.clear();
  }

  /** Draw all of it, in an element that is empty. */
  begin(terminal: Terminal): void {
    terminal.changed.clear();
    for (const row of terminal.rows) terminal.changed.add(row);
    this.draw(terminal);
  }

  /** Take down what needs it. */
  end(): void {
    for (const { el, shown } of this.#drawn.values()) if (shown !== undefined) this.#show(el, null);
    this.#drawn.clear();
  }

  #remove(row: Row): void {
    const drawn = this.#drawn.get(row);
    if (!drawn) return;
    if (drawn.shown !== undefined) this.#show(drawn.el, null);
    drawn.el.remove();
    this.#drawn.delete(row);
  }

  #add(row: Row, end: DocumentFragment): void {
    const el = this.#body.ownerDocument.createElement("div");
    el.className = `nbb-log-row nbb-log-${row.stream}`;
    const drawn: Drawn = { el, spans: 0, text: null, length: 0, shown: undefined };
    this.nodes += 1;
    const before = row.after && this.#drawn.get(row.after)?.el;
    this.#drawn.set(row, drawn);
    row.touched = true;
    this.#update(row, drawn);
    if (before) before.after(el);
    else end.append(el);
  }

  #update(row: Row, drawn: Drawn): void {
    if ("shown" in row) {
      this.#show(drawn.el, row.shown);
      drawn.shown = row.shown;
      return;
    }
    if (row.touched) {
      row.touched = false;
      // Copied text has its lines, and an empty one has its height.
      drawn.el.textContent = row.continued ? "" : "\n";
      drawn.spans = drawn.length = 0;
      drawn.text = null;
    }
    const last = row.spans[drawn.spans - 1];
    if (last && drawn.text) {
      const more = last.text.slice(drawn.length);
      if (more) drawn.text.appendData(more);
      this.characters += more.length;
      drawn.length = last.text.length;
    }
    for (const { text, style } of row.spans.slice(drawn.spans)) this.#append(drawn, text, style, row.continued);
    drawn.spans = row.spans.length;
  }

  #append(drawn: Drawn, text: string, style: string, continued: boolean): void {
    const page = drawn.el.ownerDocument;
    drawn.text = page.createTextNode(text);
    drawn.length = text.length;
    this.characters += text.length;
    this.nodes += 1;
    let node: Node = drawn.text;
    if (style) {
      const span = page.createElement("span");
      span.className = style;
      span.append(node);
      node = span;
    }
    drawn.el.insertBefore(node, continued ? null : drawn.el.lastChild);
  }
}
