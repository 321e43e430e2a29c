/** The lines of a log, written as terminals do. What a piece of text costs goes by its own length. */

/** Lines kept; of more, the oldest are left out. */
export const MOST_LINES = 2000;
/** Characters kept, likewise. */
export const MOST_TEXT = 400_000;
/** Characters of a row; a longer line goes on in the next one, so that no row is costly to draw. */
export const ROW = 1000;
/** Rows that a pen can go back to. */
const REACH = 60;
/** Places where writing can go on. */
const MOST_PENS = 100;
/** More rows than kept, before some are let go: all at once, which is cheaper than one by one. */
const SLACK = 200;
/** An escape sequence that is longer is none. */
const LONGEST_ESCAPE = 300;

/** A part of a row in one style, as class names. */
export interface Span {
  text: string;
  style: string;
}

export interface Row {
  readonly stream: string;
  readonly run: number | null;
  spans: Span[];
  length: number;
  /** The row before, if this goes on its line. */
  after: Row | null;
  /** Whether its line goes on in the next row. */
  continued: boolean;
  /** Whether more than its end has changed since it was drawn. */
  touched: boolean;
  /** Whether it is no longer there. */
  gone: boolean;
  /** Something displayed, in place of text. */
  shown?: unknown;
}

/** Where the text of one run and stream is going on. */
interface Pen {
  rows: Row[];
  at: number;
  column: number;
  /** Whether it has gone back to the start of the line: what comes next replaces that. */
  fresh: boolean;
  style: Style;
  /** The begin of an escape sequence whose end has not come. */
  rest: string;
}

interface Style {
  marks: string;
  fg: string;
  bg: string;
  /** All of it, as class names. */
  name: string;
}

const PLAIN: Style = { marks: "", fg: "", bg: "", name: "" };
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f\u009b]/g;
const COLOURS = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
const MARKS: Record<number, string> = {
  1: "bold",
  2: "faint",
  3: "italic",
  4: "underlined",
  7: "reverse",
  9: "struck",
};

export class Terminal {
  rows: Row[] = [];
  /** Rows and characters that were left out. */
  cut = 0;
  /** Changes in what was written: the number of runs and streams that took turns. */
  turns = 0;
  /** Characters looked at so far, for tests. */
  work = 0;
  /** Rows that are new or were written to since they were drawn, and those that are gone. */
  readonly changed = new Set<Row>();
  readonly removed = new Set<Row>();
  #pens = new Map<string, Pen>();
  #size = 0;
  #last: string | null = null;
  /** Runs whose output goes once there is more. */
  readonly #clearing = new Set<number | null>();

  /** Write a piece of text. */
  write(stream: string, text: string, run: number | null): void {
    if (!text) return;
    this.#begin(stream, run);
    if (stream === "error") this.#pens.delete(`${run} ${stream}`);
    const pen = this.#pen(stream, run);
    let source = text;
    if (pen.rest) {
      source = pen.rest + text;
      pen.rest = "";
    }
    this.work += source.length;
    let at = 0;
    while (at < source.length) {
      CONTROL.lastIndex = at;
      const found = CONTROL.exec(source);
      const end = found ? found.index : source.length;
      if (end > at) this.#put(pen, stream, run, source.slice(at, end));
      if (!found) break;
      const next = this.#control(pen, stream, run, source, end);
      if (next < 0) {
        pen.rest = source.slice(end);
        break;
      }
      at = next;
    }
    this.#bound();
  }

  /** Add something displayed, and return its row. */
  show(shown: unknown, run: number | null): Row {
    this.#begin("display", run);
    this.#last = null; // the next one counts again
    const row = this.#grow("display", run);
    row.shown = shown;
    this.#bound();
    return row;
  }

  /** Take all away. */
  empty(): void {
    this.#drop(() => true);
    this.#pens.clear();
    this.#clearing.clear();
    this.cut = this.turns = 0;
    this.#last = null;
  }

  /** Something shown has changed. */
  reshow(row: Row, shown: unknown): void {
    row.shown = shown;
    if (!row.gone) this.changed.add(row);
  }

  /** Take away what a run has put out, or once it puts out more. */
  clear(run: number | null, wait: boolean): void {
    if (wait) {
      this.#clearing.add(run);
      return;
    }
    this.#clearing.delete(run);
    this.#drop((row) => row.run === run && row.stream !== "error");
    for (const key of [...this.#pens.keys()]) if (key.startsWith(`${run} `)) this.#pens.delete(key);
  }

  #begin(stream: string, run: number | null): void {
    if (this.#clearing.size && this.#clearing.has(run)) this.clear(run, false);
    const key = `${run} ${stream}`;
    if (key !== this.#last || stream === "error") this.turns += 1;
    this.#last = key;
  }

  #pen(stream: string, run: number | null): Pen {
    const key = `${run} ${stream}`;
    let pen = this.#pens.get(key);
    if (pen) return pen;
    pen = { rows: [], at: -1, column: 0, fresh: false, style: PLAIN, rest: "" };
    this.#pens.set(key, pen);
    if (this.#pens.size > MOST_PENS) this.#pens.delete(this.#pens.keys().next().value!);
    return pen;
  }

  /** The row that the pen is at, which is made now if there is none. */
  #row(pen: Pen, stream: string, run: number | null): Row {
    const row = pen.rows[pen.at];
    if (row && !row.gone) return row;
    if (row) pen.rows = pen.rows.filter((one) => !one.gone);
    pen.rows.push(this.#grow(stream, run));
    if (pen.rows.length > REACH) pen.rows.splice(0, pen.rows.length - REACH);
    pen.at = pen.rows.length - 1;
    if (row) pen.column = 0;
    return pen.rows[pen.at]!;
  }

  #grow(stream: string, run: number | null, after: Row | null = null): Row {
    const row: Row = { stream, run, spans: [], length: 0, after, continued: false, touched: false, gone: false };
    const place = after ? this.rows.lastIndexOf(after) + 1 : this.rows.length;
    if (place === this.rows.length) this.rows.push(row);
    else this.rows.splice(place, 0, row);
    if (after) {
      after.continued = after.touched = true;
      this.changed.add(after);
    }
    this.changed.add(row);
    return row;
  }

  #put(pen: Pen, stream: string, run: number | null, text: string): void {
    let row = this.#row(pen, stream, run);
    if (pen.fresh) this.#truncate(pen, row, pen.column);
    pen.fresh = false;
    let rest = text;
    while (rest) {
      if (pen.column >= ROW) {
        const next = pen.rows[pen.at + 1];
        if (!next?.after || next.gone) {
          pen.rows.splice(pen.at + 1, 0, this.#grow(stream, run, row));
          if (pen.rows.length > REACH) {
            pen.rows.shift();
            pen.at -= 1;
          }
        }
        pen.at += 1;
        pen.column = 0;
        row = pen.rows[pen.at]!;
      }
      const part = rest.slice(0, ROW - pen.column);
      rest = rest.slice(part.length);
      const before = row.length;
      overwrite(row, pen.column, part, pen.style.name);
      pen.column += part.length;
      this.#size += row.length - before;
      this.changed.add(row);
    }
  }

  /** Take a control character, and return where the text goes on; -1 if more is needed to know. */
  #control(pen: Pen, stream: string, run: number | null, source: string, at: number): number {
    switch (source[at]) {
      case "\n":
        this.#newline(pen, stream, run);
        return at + 1;
      case "\r":
        while (pen.at > 0 && pen.rows[pen.at]?.after) pen.at -= 1;
        pen.column = 0;
        pen.fresh = true;
        return at + 1;
      case "\b":
        pen.column = Math.max(0, pen.column - 1);
        pen.fresh = false;
        return at + 1;
      case "\t":
        this.#put(pen, stream, run, " ".repeat(8 - (pen.column % 8)));
        return at + 1;
      case "\u001b":
      case "\u009b":
        return this.#escape(pen, source, at);
      default:
        return at + 1;
    }
  }

  #newline(pen: Pen, stream: string, run: number | null): void {
    pen.fresh = false;
    pen.column = 0;
    while (pen.rows[pen.at + 1]?.after) pen.at += 1;
    if (pen.at < pen.rows.length - 1) {
      pen.at += 1;
      return;
    }
    this.#row(pen, stream, run);
    pen.at = pen.rows.length;
  }

  #escape(pen: Pen, source: string, at: number): number {
    const rest = source.slice(at, at + LONGEST_ESCAPE);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one
    const csi = /^(?:\u001b\[|\u009b)([0-9;:?<=>]*)[ -/]*([@-~])?/.exec(rest);
    if (csi) {
      if (csi[2] === undefined) {
        const ends = at + csi[0].length >= source.length;
        return ends && rest.length < LONGEST_ESCAPE ? -1 : at + csi[0].length;
      }
      this.#command(pen, csi[2], csi[1]!);
      return at + csi[0].length;
    }
    if (rest.startsWith("\u001b]")) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: a title or a link ends with one
      const end = /[\u0007]|\u001b\\/.exec(rest);
      if (end) return at + end.index + end[0].length;
      return rest.length < LONGEST_ESCAPE ? -1 : at + 2;
    }
    if (rest.length < 2) return -1;
    return at + (/^.[()#%]/s.test(rest) ? 3 : 2);
  }

  #command(pen: Pen, name: string, given: string): void {
    const numbers = given.split(/[;:]/).map((one) => Number.parseInt(one, 10) || 0);
    const count = Math.max(1, numbers[0] ?? 1);
    const row = pen.rows[pen.at];
    if (name === "m") pen.style = restyled(pen.style, numbers);
    else if (name === "K" && row && !row.gone) {
      if (numbers[0] === 1 || numbers[0] === 2) {
        const before = row.length;
        overwrite(row, 0, " ".repeat(Math.min(row.length, pen.column)), "");
        this.#size += row.length - before;
      }
      if (numbers[0] !== 1) this.#truncate(pen, row, pen.column);
      this.changed.add(row);
    } else if (name === "J" && row && numbers[0] !== 1) {
      if (numbers[0] !== 0) pen.at = 0;
      const from = pen.rows[pen.at];
      if (from && !from.gone) this.#truncate(pen, from, numbers[0] === 0 ? pen.column : 0);
      const below = new Set(pen.rows.splice(pen.at + 1));
      this.#drop((one) => below.has(one));
    } else if (name === "A" || name === "F") {
      pen.at = Math.max(0, pen.at - count);
      if (name === "F") pen.column = 0;
      pen.fresh = false;
    } else if (name === "B" || name === "E") {
      pen.at = Math.min(pen.rows.length - 1, pen.at + count);
      if (name === "E") pen.column = 0;
    } else if (name === "C") pen.column = Math.min(ROW - 1, pen.column + count);
    else if (name === "D") pen.column = Math.max(0, pen.column - count);
    else if (name === "G") {
      pen.column = Math.min(ROW, count) - 1;
      pen.fresh = false;
    }
  }

  /** Take away what stands in the line from a column on, with the rows in which it goes on. */
  #truncate(pen: Pen, row: Row, column: number): void {
    const before = row.length;
    if (row.length > column) {
      cut(row, column);
      this.#size += row.length - before;
      this.changed.add(row);
    }
    const more = new Set<Row>();
    while (pen.rows[pen.at + 1]?.after) more.add(pen.rows.splice(pen.at + 1, 1)[0]!);
    if (!more.size) return;
    row.continued = false;
    row.touched = true;
    this.changed.add(row);
    this.#drop((one) => more.has(one));
  }

  #drop(which: (row: Row) => boolean): void {
    this.rows = this.rows.filter((row) => {
      if (!which(row)) return true;
      this.#forget(row);
      return false;
    });
  }

  #forget(row: Row): void {
    row.gone = true;
    this.#size -= row.length;
    this.changed.delete(row);
    this.removed.add(row);
  }

  #bound(): void {
    if (this.rows.length <= MOST_LINES + SLACK && this.#size <= MOST_TEXT * 1.1) return;
    let count = 0;
    let size = this.#size;
    while (this.rows.length - count > MOST_LINES || (size > MOST_TEXT && count < this.rows.length - 1)) {
      size -= this.rows[count]!.length;
      count += 1;
    }
    for (const row of this.rows.splice(0, count)) {
      if (!row.after) this.cut += 1;
      this.#forget(row);
    }
  }
}

/** Put text over what stands at a column. */
function overwrite(row: Row, column: number, text: string, style: string): void {
  const last = row.spans.at(-1);
  if (column === row.length && last?.style === style) last.text += text;
  else if (column === row.length) row.spans.push({ text, style });
  else {
    const tail = column + text.length < row.length ? split(row.spans, column + text.length)[1] : [];
    cut(row, column);
    if (row.length < column) row.spans.push({ text: " ".repeat(column - row.length), style: "" });
    row.spans.push({ text, style }, ...tail);
    row.length = row.spans.reduce((sum, one) => sum + one.text.length, 0);
    row.touched = true;
    return;
  }
  row.length += text.length;
}

function cut(row: Row, column: number): void {
  row.touched = true;
  row.spans = split(row.spans, column)[0];
  row.length = Math.min(row.length, column);
}

function split(spans: readonly Span[], column: number): [Span[], Span[]] {
  const before: Span[] = [];
  const after: Span[] = [];
  let start = 0;
  for (const { text, style } of spans) {
    const head = text.slice(0, Math.max(0, column - start));
    const tail = text.slice(head.length);
    if (head) before.push({ text: head, style });
    if (tail) after.push({ text: tail, style });
    start += text.length;
  }
  return [before, after];
}

/** A style after a command for it. */
function restyled(style: Style, numbers: readonly number[]): Style {
  let { marks, fg, bg } = style;
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i]!;
    if (number === 0) marks = fg = bg = "";
    else if (MARKS[number]) marks = `${marks} nbb-ansi-${MARKS[number]}`;
    else if (number >= 21 && number <= 29) marks = "";
    else if (number === 38 || number === 48) {
      const named = numbers[i + 1] === 5 ? nameOf(numbers[i + 2] ?? 0) : "";
      i += numbers[i + 1] === 5 ? 2 : 4;
      if (number === 38) fg = named;
      else bg = named;
    } else if (number === 39) fg = "";
    else if (number === 49) bg = "";
    else if ((number >= 30 && number <= 37) || (number >= 90 && number <= 97)) fg = COLOURS[number % 10]!;
    else if ((number >= 40 && number <= 47) || (number >= 100 && number <= 107)) bg = COLOURS[number % 10]!;
  }
  const name = `${marks}${fg && ` nbb-ansi-${fg}`}${bg && ` nbb-ansi-on-${bg}`}`.trim();
  return { marks, fg, bg, name };
}

/** The nearest of eight colours to one of 256; the greys have none. */
function nameOf(number: number): string {
  if (number < 16) return COLOURS[number % 8]!;
  if (number > 231) return "";
  const one = number - 16;
  const bits = [Math.floor(one / 36), Math.floor(one / 6) % 6, one % 6].map((part) => (part > 2 ? 1 : 0));
  return COLOURS[bits[0]! + 2 * bits[1]! + 4 * bits[2]!]!;
}
