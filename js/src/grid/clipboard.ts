/** What the clipboard gets of a grid, and what it brings. */

import type { Grid } from "./grid";
import { fromTsv, toTsv } from "./tsv";
import type { Cell } from "./types";

/** Copy what is chosen: at once, or as soon as it has come, if it can be had. */
export function copy(grid: Grid, event: ClipboardEvent): Promise<boolean> | null {
  const { block } = grid.selection;
  if (!block) return null;
  event.preventDefault();
  const rows: Cell[][] = [];
  let missing = (block.rows[1] - block.rows[0]) * (block.columns[1] - block.columns[0]) > 50_000;
  for (let row = block.rows[0]; row < block.rows[1] && !missing; row += 1) {
    const cells: Cell[] = [];
    for (let column = block.columns[0]; column < block.columns[1]; column += 1) {
      const cell = grid.table.cell(row, column);
      missing ||= cell === undefined;
      cells.push(cell);
    }
    rows.push(cells);
  }
  if (!missing) {
    event.clipboardData?.setData("text/plain", toTsv(rows));
    return null;
  }
  const late = grid.table.block(block.rows, block.columns).then((found) => navigator.clipboard.writeText(toTsv(found)));
  return late.then(
    () => true,
    (error: Error) => {
      grid.options.onProblem(`This could not be copied: ${error.message}`);
      return false;
    },
  );
}

/** Put a block of texts where the active cell is; the table grows if it may. */
export function paste(grid: Grid, text: string): void {
  const { block } = grid.selection;
  if (!block) return;
  const texts = fromTsv(text);
  const refused: [text: string, column: number][] = [];
  const read = (given: string, column: number): Cell | undefined => {
    const cell = given === "" ? null : grid.read(given, column);
    if (cell === undefined) refused.push([given, column]);
    return cell;
  };
  // One cell fills all that are chosen.
  if (texts.length === 1 && texts[0]!.length === 1)
    grid.fill(block.rows, block.columns, (column) => read(texts[0]![0]!, column));
  else pasteBlock(grid, block.rows[0], block.columns[0], texts, read);
  const [first] = refused;
  if (!first) return;
  const more = refused.length > 1 ? `, and ${(refused.length - 1).toLocaleString()} more` : "";
  grid.options.onProblem(`“${first[0]}” is not a ${grid.layout.kind(first[1])}${more}: left as it was`);
}

function pasteBlock(
  grid: Grid,
  row: number,
  column: number,
  texts: string[][],
  read: (given: string, column: number) => Cell | undefined,
): void {
  const wide = Math.max(...texts.map((line) => line.length));
  const lacking = column + wide - grid.table.columns;
  const inside = Math.max(0, grid.table.rows - row);
  const all = grid.table.all;
  // Rows are counted in the view that is in sight: they come first.
  const lines = (part: string[][], last: number) =>
    part.map((line) =>
      line.map((given, aside) =>
        column + aside < last && grid.allows(column + aside) ? read(given, column + aside) : undefined,
      ),
    );
  if (lacking > 0) grid.addColumns(grid.table.columns, lacking);
  const put = grid.table.put(row, column, lines(texts.slice(0, inside), grid.table.columns));
  if (put) grid.change(put);
  const rest = texts.slice(inside);
  if (rest.length) grid.addRows(all, rest.length);
  const cells: [number, number, Cell][] = [];
  lines(rest.slice(0, Math.max(0, grid.table.all - all)), grid.table.columns).forEach((line, down) => {
    line.forEach((cell, aside) => {
      if (cell !== undefined) cells.push([all + down, column + aside, cell]);
    });
  });
  if (cells.length) grid.change({ do: "set", cells });
  grid.selection.all({
    rows: [row, Math.min(grid.table.rows, row + texts.length)],
    columns: [column, Math.min(grid.table.columns, column + wide)],
  });
  grid.layout.draw();
}
