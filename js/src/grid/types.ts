/** What a grid shows, and what it asks of whoever made it. */

/** What JSON holds; null is an empty cell. */
export type Cell = unknown;

export interface Metadata {
  display_value?: (string | null)[][] | null;
  styling?: (string | null)[][] | null;
}

export type Edit =
  | { do: "set"; cells: [row: number, column: number, cell: Cell][] }
  | { do: "insert_rows"; at: number; count: number }
  | { do: "delete_rows"; rows: number[] }
  /** Put a cell into a range: the columns of each span get its own. */
  | ({ do: "fill"; columns: Span[] } & Range)
  /** Put cells where the range begins, each `[cell]`, or `[]` to leave what is there. */
  | { do: "put"; at: [row: number, column: number]; view: Record<string, unknown>; cells: Cell[][][] }
  /** Delete the rows of a range. */
  | ({ do: "drop" } & Range)
  /** The empty rows that are shown of an empty table become rows of it. */
  | { do: "blank"; count: number }
  | { do: "insert_columns"; at: number; headers: string[] }
  | { do: "delete_columns"; columns: number[] }
  | { do: "rename"; column: number; header: string }
  /** Keep the rows in which the text is found. */
  | { do: "keep"; search: string };

export type Span = [from: number, to: number, cell: Cell];

/** Rows of a view that the kernel has, or some rows of the table: as spans, or as bits if those are many. */
export type Range =
  | { rows: [number, number]; view: Record<string, unknown> }
  | { spans: [number, number][] }
  | { bits: string };

/** What cannot be told from the cells of a column. */
export interface Told {
  /** It holds numbers, and texts among them are numbers too. */
  number: boolean;
  /** What its empty cells are. */
  empty: string | null;
}

/** A table, with a name if the kernel knows it; a large one has its number of rows, and as data the first of them. */
export interface TableValue {
  headers: unknown[];
  data: Cell[][];
  metadata: Metadata | null;
  rows?: number;
  table?: string;
  cut?: [row: number, column: number][];
  /** Columns of numbers in which some cells are texts. */
  numbers?: number[];
  /** What the empty cells of a column are. */
  missing?: Record<string, string>;
  edits?: Record<string, unknown>[];
}

/** What the kernel answers to a question for a window. */
export interface Answer {
  rows: number;
  index: number[];
  data: Cell[][];
  metadata: Metadata | null;
  cut?: [row: number, column: number][];
}

export type Sort = readonly [column: number, descends: boolean];

export interface View {
  readonly sort: readonly Sort[];
  readonly search: string;
}

export interface Options {
  value: TableValue | null;
  /** For a value without any. */
  headers: readonly unknown[];
  /** Empty rows of an empty table that can be edited. */
  blank: number;
  kinds: string | readonly string[];
  editable: boolean;
  /** Whether rows, or columns, can come and go. */
  growsDown: boolean;
  growsAside: boolean;
  rowLimits: readonly (number | null)[] | null;
  columnLimits: readonly (number | null)[] | null;
  fixed: readonly number[];
  wrap: boolean;
  lineBreaks: boolean;
  widths: readonly string[];
  numbers: boolean;
  maxChars: number | null;
  pinned: number;
  search: string;
  label: string;
  /** HTML of a cell of Markdown or HTML, sanitised; none until it can be told. */
  markup: ((kind: string, text: string) => string) | null;
  /** Ask the kernel; null if there is none. */
  ask: ((content: Record<string, unknown>) => Promise<unknown>) | null;
  /** The user has changed the table: what the kernel needs to know, and what this page is to hold. */
  onChange(wire: unknown, local: TableValue): void;
  onEdit(index: [number, number], value: Cell, before: Cell): void;
  /** Only if somebody listens. */
  onSelect: ((data: Record<string, unknown>) => void) | null;
  /** How many rows are shown of how many. */
  onCount(shown: number, all: number): void;
  onProblem(message: string): void;
}
