import { expect, test } from "vitest";
import { RemoteTable } from "./remote";
import { sortRows, turned, WholeTable } from "./table";
import { fromTsv, toTsv } from "./tsv";
import type { Answer } from "./types";

test("texts for spreadsheets go both ways", () => {
  const rows = [
    ["a\tb", 'say "hi"', "two\nlines"],
    ["", "1", "x"],
  ];
  expect(fromTsv(toTsv(rows))).toEqual(rows);
  expect(fromTsv("1\t2\r\n3\t4\r\n")).toEqual([
    ["1", "2"],
    ["3", "4"],
  ]);
  expect(toTsv([[null, true, 1.5, { a: 1 }]])).toBe('\ttrue\t1.5\t"{""a"":1}"');
});

test("numbers are before texts, empty cells last both ways, and equal ones as they were", () => {
  const data = [["b"], [10], [null], ["A"], [9], [""], ["b"]];
  const order = (descends: boolean) => {
    const rows = [...data.keys()];
    sortRows(rows, data, 0, descends);
    return rows;
  };
  expect(order(false)).toEqual([4, 1, 3, 0, 6, 2, 5]);
  expect(order(true)).toEqual([0, 6, 3, 1, 4, 2, 5]);
});

test("a column is sorted up, down, and as it was", () => {
  expect(turned([], 1, false)).toEqual([[1, false]]);
  expect(turned([[1, false]], 1, false)).toEqual([[1, true]]);
  expect(turned([[1, true]], 1, false)).toEqual([]);
  expect(turned([[1, true]], 2, true)).toEqual([
    [1, true],
    [2, false],
  ]);
});

test("a row that is put into a sorted table stays where it was put, and so do the others", () => {
  const table = new WholeTable({ headers: ["a"], data: [[3], [1], [2]], metadata: null }, [], 0);
  table.show({ sort: [[0, false]], search: "" });
  table.apply({ do: "insert_rows", at: 2, count: 1 });
  expect([0, 1, 2, 3].map((row) => table.cell(row, 0))).toEqual([1, null, 2, 3]);
  expect([0, 1, 2, 3].map((row) => table.at(row))).toEqual([1, 2, 3, 0]);
  table.apply({ do: "delete_rows", rows: [1] });
  expect(table.value().wire.data).toEqual([[3], [null], [2]]);
  expect([0, 1, 2].map((row) => table.cell(row, 0))).toEqual([null, 2, 3]);
});

test("what was given is never changed", () => {
  const value = { headers: ["a", "b"], data: [[1, 2]], metadata: { display_value: [["one", "two"]], styling: null } };
  const before = structuredClone(value);
  const table = new WholeTable(value, [], 0);
  table.apply({ do: "set", cells: [[0, 0, 5]] });
  table.apply({ do: "insert_columns", at: 0, headers: ["c"] });
  table.apply({ do: "rename", column: 0, header: "d" });
  expect(value).toEqual(before);
  expect(table.value().wire).toEqual({
    headers: ["d", "a", "b"],
    data: [[null, 5, 2]],
    metadata: { display_value: [[null, null, "two"]], styling: null },
  });
});

test("tiles that a fast scroll has passed over are not asked for", async () => {
  const open: [number, (answer: Answer) => void][] = [];
  const ask = (content: Record<string, unknown>) =>
    new Promise<Answer>((done) => open.push([(content.rows as number[])[0]!, done]));
  const value = { headers: ["a"], data: [[0]], metadata: null, rows: 1_000_000, table: "t" };
  const table = new RemoteTable(value, ask as never, () => {});
  for (let row = 1000; row < 900_000; row += 1000) table.need([row, row + 20], [0, 1]);
  expect(open.map(([row]) => row)).toEqual([1000, 2000]);
  open[0]![1]({ rows: 1_000_000, index: [1000], data: [[1]], metadata: null });
  await Promise.resolve();
  await Promise.resolve();
  expect(open.at(-1)![0]).toBe(899_000);
});

test("answers about an older view are of no use", async () => {
  const open: ((answer: Answer) => void)[] = [];
  const ask = () => new Promise<Answer>((done) => open.push(done));
  const value = { headers: ["a"], data: [], metadata: null, rows: 5000, table: "t" };
  const table = new RemoteTable(value, ask as never, () => {});
  table.need([0, 20], [0, 1]);
  table.show({ sort: [[0, true]], search: "" });
  open[0]!({ rows: 5000, index: [0], data: [["old"]], metadata: null });
  await Promise.resolve();
  await Promise.resolve();
  expect(table.cell(0, 0)).toBeUndefined();
});

test("edits of one cell are one edit", () => {
  const value = { headers: ["a"], data: [[1], [2]], metadata: null, rows: 5000, table: "t" };
  const table = new RemoteTable(
    value,
    async () => null,
    () => {},
  );
  table.apply({ do: "set", cells: [[0, 0, 5]] });
  table.apply({ do: "set", cells: [[0, 0, 6]] });
  table.apply({ do: "delete_rows", rows: [1] });
  table.apply({ do: "set", cells: [[9, 0, 7]] });
  expect(table.value().wire).toEqual({
    table: "t",
    edits: [
      { do: "set", cells: [[0, 0, 6]] },
      { do: "delete_rows", rows: [1] },
      { do: "set", cells: [[9, 0, 7]] },
    ],
  });
  expect(table.all).toBe(4999);
});
