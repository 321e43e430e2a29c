/** What mouse, keyboard and clipboard do to a grid. */

import { isComposing, isEnter } from "../keys";
import { elementAt, hasFocus, unselect } from "../roots";
import { copy, paste } from "./clipboard";
import type { Grid } from "./grid";
import type { Place } from "./layout";
import { type Item, openMenu } from "./menu";
import { show } from "./table";
import { NARROWEST } from "./widths";

/** Listen until `signal` is aborted. */
export function keep(grid: Grid, signal: AbortSignal): void {
  const { frame } = grid.layout;
  const on = <K extends keyof HTMLElementEventMap>(name: K, act: (event: HTMLElementEventMap[K]) => void) =>
    frame.addEventListener(name, act as EventListener, { signal });
  on("pointerdown", (event) => press(grid, event, signal));
  on("click", (event) => click(grid, event));
  on("dblclick", (event) => {
    const place = grid.layout.placeOf(event.target);
    if (!place) return;
    if (place.row >= 0) void grid.edit(place);
    else if (isOf(event, "nbb-grid-grip")) {
      grid.layout.widths.dragged.delete(place.column);
      grid.layout.refit();
    }
  });
  on("contextmenu", (event) => {
    const place = grid.layout.placeOf(event.target);
    if (!place || !menuOf(grid, place).length) return;
    event.preventDefault();
    if (!grid.selection.holds(place)) grid.go(place);
    open(grid, place, event);
  });
  on("keydown", (event) => key(grid, event));
  // Where nothing is selected as text, browsers send these to the body instead of the element that has the focus.
  const onClipboard = (name: "copy" | "cut" | "paste", act: (event: ClipboardEvent) => void) => {
    const heard = (event: ClipboardEvent) => {
      if (hasFocus(frame)) act(event);
    };
    frame.ownerDocument.addEventListener(name, heard, { signal });
  };
  onClipboard("copy", (event) => copy(grid, event));
  onClipboard("cut", (event) => {
    const { table } = grid;
    const done = copy(grid, event);
    const empty = () => {
      if (grid.options.editable && grid.table === table) grid.empty();
    };
    if (done instanceof Promise) void done.then((copied) => copied && empty());
    else empty();
  });
  onClipboard("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain");
    if (!text || !grid.options.editable || !grid.selection.block) return;
    event.preventDefault();
    grid.together(() => paste(grid, text));
  });
}

const isOf = (event: Event, name: string) => (event.target as HTMLElement).classList?.contains(name);

// -- mouse

function press(grid: Grid, event: PointerEvent, signal: AbortSignal): void {
  const place = grid.layout.placeOf(event.target);
  if (event.button !== 0) return;
  const gutter = (event.target as HTMLElement).closest?.(".nbb-grid-gutter");
  const row = gutter?.closest<HTMLElement>("[data-row]");
  if (row && grid.table.columns) {
    const number = Number(row.dataset.row);
    grid.selection.all({ rows: [number, number + 1], columns: [0, grid.table.columns] });
    grid.layout.draw();
  }
  if (!place) return;
  if (isOf(event, "nbb-grid-grip")) {
    drag(grid, place.column, event, signal);
    return;
  }
  if (place.row < 0 || isOf(event, "nbb-grid-tick")) return;
  grid.go(place, event.shiftKey);
  if (event.pointerType !== "mouse") return; // a finger scrolls
  const moved = (move: PointerEvent) => {
    const over = grid.layout.placeOf(elementAt(grid.layout.frame, move.clientX, move.clientY));
    const { active } = grid.selection;
    if (!over || over.row < 0 || (over.row === active?.row && over.column === active.column)) return;
    unselect(grid.layout.frame);
    grid.go(over, true);
  };
  follow(moved, () => {}, signal);
}

function drag(grid: Grid, column: number, event: PointerEvent, signal: AbortSignal): void {
  event.preventDefault();
  const [from, width] = [event.clientX, grid.layout.width(column)];
  const way = getComputedStyle(grid.layout.frame).direction === "rtl" ? -1 : 1;
  const moved = (move: PointerEvent) => {
    grid.layout.widths.dragged.set(column, Math.max(NARROWEST, width + way * (move.clientX - from)));
    grid.layout.refit();
  };
  grid.layout.frame.classList.add("nbb-grid-dragging");
  follow(moved, () => grid.layout.frame.classList.remove("nbb-grid-dragging"), signal);
}

function follow(moved: (event: PointerEvent) => void, ended: () => void, signal: AbortSignal): void {
  const stop = new AbortController();
  const both = { signal: AbortSignal.any([stop.signal, signal]) };
  addEventListener("pointermove", moved, both);
  const up = () => {
    stop.abort();
    ended();
  };
  addEventListener("pointerup", up, both);
  addEventListener("pointercancel", up, both);
}

function click(grid: Grid, event: MouseEvent): void {
  const place = grid.layout.placeOf(event.target);
  if (!place) return;
  if (isOf(event, "nbb-grid-tick")) {
    event.preventDefault(); // the grid draws it
    grid.layout.frame.focus({ preventScroll: true }); // the tick is going to be another element
    grid.go(place);
    grid.toggle(place);
  } else if (isOf(event, "nbb-grid-more")) {
    const box = (event.target as HTMLElement).getBoundingClientRect();
    grid.selection.to(place);
    open(grid, place, { clientX: box.left, clientY: box.bottom });
  } else if (place.row < 0 && !isOf(event, "nbb-grid-grip")) {
    grid.selection.to(place);
    grid.sort(place.column, event.shiftKey);
  }
}

// -- keyboard

/** After Escape the next Tab leaves the grid. */
const leaving = new WeakSet<Grid>();

function key(grid: Grid, event: KeyboardEvent): void {
  const { active } = grid.selection;
  if (isComposing(event)) return;
  if (event.key === "Escape") {
    leaving.add(grid);
    return;
  }
  const tabbing = event.key === "Tab";
  if (tabbing && (leaving.has(grid) || !active)) {
    leaving.delete(grid);
    return;
  }
  leaving.delete(grid);
  const taken = active ? act(grid, active, event) : begin(grid, event);
  if (!taken) return;
  event.preventDefault();
  event.stopPropagation();
}

/** The first key into a grid goes to its first cell. */
function begin(grid: Grid, event: KeyboardEvent): boolean {
  if (!/^(Arrow|Home|End|Page|Enter)/.test(event.key)) return false;
  grid.go({ row: grid.table.rows ? 0 : -1, column: 0 });
  return true;
}

function act(grid: Grid, active: Place, event: KeyboardEvent): boolean {
  const far = event.ctrlKey || event.metaKey;
  const target = goal(grid, active, event.key, far, event.shiftKey);
  if (target) {
    if (target === "out") return false;
    grid.go(target, event.shiftKey && event.key !== "Tab");
    return true;
  }
  if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) {
    const box = (grid.layout.cellAt(active) ?? grid.layout.frame).getBoundingClientRect();
    return open(grid, active, { clientX: box.left + 8, clientY: box.bottom });
  }
  if (far && event.key.toLowerCase() === "a") {
    grid.selection.all({ rows: [0, Math.max(1, grid.table.rows)], columns: [0, grid.table.columns] });
    grid.layout.draw();
    return true;
  }
  if (far && grid.options.editable && !event.altKey) {
    const name = event.key.toLowerCase();
    if (name === "z" && !event.shiftKey) return grid.undo() || true;
    if (name === "y" || name === "z") return grid.redo() || true;
    if (name === "d" && active.row >= 0) {
      void grid.fillDown();
      return true;
    }
  }
  if (active.row < 0) {
    if (event.key !== "Enter" && event.key !== " ") return false;
    grid.sort(active.column, event.shiftKey);
    return true;
  }
  if (!grid.options.editable || far || event.altKey) return false;
  if (event.key === "Enter" || event.key === "F2") void grid.edit(active);
  else if (event.key === "Delete" || event.key === "Backspace") grid.empty();
  else if (event.key === " " && grid.layout.kind(active.column) === "bool") grid.toggle(active);
  else if (event.key.length === 1) void grid.edit(active, event.key);
  else return false;
  return true;
}

function goal(grid: Grid, { row, column }: Place, key: string, far: boolean, back: boolean): Place | "out" | null {
  const [rows, columns] = [grid.table.rows - 1, grid.table.columns - 1];
  const { page } = grid.layout.scroller;
  switch (key) {
    case "ArrowDown":
      return { row: far ? rows : row + 1, column };
    case "ArrowUp":
      return { row: far ? 0 : back ? Math.max(0, row - 1) : row - 1, column };
    case "ArrowRight":
      return { row, column: far ? columns : column + 1 };
    case "ArrowLeft":
      return { row, column: far ? 0 : column - 1 };
    case "PageDown":
      return { row: row + page, column };
    case "PageUp":
      return { row: Math.max(0, row - page), column };
    case "Home":
      return { row: far ? 0 : row, column: 0 };
    case "End":
      return { row: far ? rows : row, column: columns };
    case "Tab": {
      const next = row * (columns + 1) + column + (back ? -1 : 1);
      if (row < 0 || next < 0 || next > (rows + 1) * (columns + 1) - 1) return "out";
      return { row: Math.floor(next / (columns + 1)), column: next % (columns + 1) };
    }
    default:
      return null;
  }
}

// -- menu

function open(grid: Grid, place: Place, at: { clientX: number; clientY: number }): boolean {
  const items = menuOf(grid, place);
  if (!items.length) return false;
  openMenu(grid.host, { x: at.clientX, y: at.clientY }, items, () => grid.layout.frame.focus({ preventScroll: true }));
  return true;
}

function menuOf(grid: Grid, place: Place): (Item | null)[] {
  const groups =
    place.row < 0 ? [sorting(grid, place.column), columns(grid, place)] : [rows(grid, place), columns(grid, place)];
  return groups.filter((group) => group.length).flatMap((group, index) => (index ? [null, ...group] : group));
}

function sorting(grid: Grid, column: number): Item[] {
  const items: Item[] = [
    { text: "Sort ascending", act: () => grid.sortBy(column, false) },
    { text: "Sort descending", act: () => grid.sortBy(column, true) },
  ];
  if (grid.table.view.sort.length) items.push({ text: "Do not sort", act: () => grid.sortBy(column, null) });
  return items;
}

function rows(grid: Grid, { row }: Place): Item[] {
  const number = grid.table.at(row);
  if (number === undefined || !grid.options.editable || !grid.options.growsDown) return [];
  const items: Item[] = grid.addsRows
    ? [
        { text: "Insert row above", act: () => grid.addRows(number) },
        { text: "Insert row below", act: () => grid.addRows(number + 1) },
      ]
    : [];
  const span = grid.selection.block?.rows ?? ([row, row + 1] as [number, number]);
  const count = span[1] - span[0];
  if (grid.table.all - count >= (grid.options.rowLimits?.[0] ?? 0)) {
    const text = count > 1 ? `Delete ${count.toLocaleString()} rows` : "Delete row";
    items.push({ text, act: () => grid.change({ do: "drop", ...grid.table.range(span) }) });
  }
  return items;
}

function columns(grid: Grid, { column, row }: Place): Item[] {
  if (!grid.options.editable || !grid.options.growsAside) return [];
  const items: Item[] = grid.addsColumns
    ? [
        { text: "Insert column before", act: () => grid.addColumns(column) },
        { text: "Insert column after", act: () => grid.addColumns(column + 1) },
      ]
    : [];
  if (grid.table.columns > Math.max(1, grid.options.columnLimits?.[0] ?? 1)) {
    items.push({ text: "Delete column", act: () => grid.change({ do: "delete_columns", columns: [column] }) });
  }
  if (row < 0) items.push({ text: "Rename column", act: () => rename(grid, column) });
  return items;
}

function rename(grid: Grid, column: number): void {
  const cell = grid.layout.cellAt({ row: -1, column });
  if (!cell) return;
  const box = document.createElement("input");
  box.className = "nbb-grid-editor nbb-grid-rename";
  box.value = show(grid.table.headers[column]);
  box.setAttribute("aria-label", "Name of the column");
  let open = true;
  const end = (kept: boolean) => {
    if (!open) return;
    open = false;
    const name = box.value;
    box.remove();
    if (kept && name !== grid.table.headers[column]) grid.change({ do: "rename", column, header: name });
    grid.layout.frame.focus({ preventScroll: true });
  };
  box.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (isEnter(event)) end(true);
    else if (event.key === "Escape" && !isComposing(event)) end(false);
  });
  box.addEventListener("blur", () => end(true));
  for (const name of ["click", "dblclick", "pointerdown", "copy", "cut", "paste"]) {
    box.addEventListener(name, (event) => event.stopPropagation());
  }
  cell.append(box);
  box.focus();
  box.select();
}
