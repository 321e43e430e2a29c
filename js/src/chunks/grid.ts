/**
 * The grid of a Dataframe: a table of any length, to read and edit.
 *
 * Chosen by trial, a table of a million rows and 20 columns in a frame of 1200 x 500 px, two loaded cores; kB are
 * gzipped, ms are of the first screen and of a frame while scrolling (median, 95 %):
 *
 *   TanStack virtual-core  10 kB    55 ms  17, 53 ms  MIT         tells what is in sight, cells are our own
 *   regular-table          11 kB   115 ms  18, 63 ms  Apache-2.0  nothing to edit with; its element is global to the page
 *   SlickGrid              43 kB    60 ms  18, 41 ms  MIT         rows of one height
 *   Tabulator              29 kB    -                 MIT         wants all rows in the page
 *   RevoGrid              196 kB   870 ms  17, 50 ms  MIT         wants an object for each row
 *   AG Grid               223 kB   175 ms  -          MIT         copying blocks of cells is not in its free part
 *   Lumino's DataGrid      73 kB  2600 ms  940 ms     BSD-3       canvas: no markup, no pictures, nothing for screen readers
 *   Glide Data Grid       176 kB   250 ms  -          MIT         canvas, and React
 *
 * So a library says which rows and columns are in sight, of heights that are measured where texts wrap, and the cells
 * are elements of a grid that screen readers know.
 */

import { Grid } from "../grid/grid";
import css from "../grid/grid.css?inline";
import { toTsv } from "../grid/tsv";
import type { Options } from "../grid/types";

export type { Options, TableValue } from "../grid/types";
export { css };

export interface GridHandle {
  update(options: Options): void;
  /** The whole table as text for a spreadsheet. */
  text(): Promise<string>;
  /** Keep the rows that the search has found. */
  keep(): void;
  addRow(): void;
  addColumn(): void;
  destroy(): void;
}

/** Make a grid in an element. */
export function makeGrid(el: HTMLElement, options: Options): GridHandle {
  const grid = new Grid(el, options);
  return {
    update: (changed) => grid.update(changed),
    text: async () => {
      const { rows, columns, headers } = grid.table;
      return toTsv([headers, ...(await grid.table.block([0, rows], [0, columns]))]);
    },
    keep: () => grid.keep(),
    addRow: () => {
      grid.addRows(grid.table.all);
      grid.go({ row: grid.table.rows - 1, column: 0 });
      grid.layout.frame.focus({ preventScroll: true });
    },
    addColumn: () => {
      grid.addColumns(grid.table.columns);
      grid.go({ row: Math.min(0, grid.table.rows - 1), column: grid.table.columns - 1 });
      grid.layout.frame.focus({ preventScroll: true });
    },
    destroy: () => grid.destroy(),
  };
}
