import { expect, test } from "vitest";
import { RemoteTable } from "./remote";
import { sortRows, turned } from "./table";
import { fromTsv, toTsv } from "./tsv";
import type { Answer } from "./types";
import { WholeTable } from "./whole";

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

// TR-42
test("quotes stand around a cell, or are a part of it", () => {
  expect(fromTsv('"a\tb"\t"say ""hi"""\n"x\ny"\t"1,234"')).toEqual([
    ["a\tb", 'say "hi"'],
    ["x\ny", "1,234"],
  ]);
  expect(fromTsv('"open\t5" x\n6')).toEqual([['"open', '5" x'], ["6"]]);
});

// TR-40 TR-41
test("texts that are numbers are sorted as numbers, and what is no value comes last", () => {
  const data = [
    ["9007199254740993"],
    [5],
    ["inf"],
    ["NaN"],
    ["-inf"],
    ["9007199254740994"],
    [null],
    [9007199254740991],
  ];
  const order = (descends: boolean) => {
    const rows = [...data.keys()];
    sortRows(rows, data, 0, descends, true);
    return rows;
  };
  expect(order(false)).toEqual([4, 1, 7, 0, 5, 2, 3, 6]);
  expect(order(true)).toEqual([2, 5, 0, 7, 1, 4, 3, 6]);
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
  expect(table.value().local.data).toEqual([[3], [null], [2]]);
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

// TR-47
test("the kernel is told of an edit before it is asked what the table is now", async () => {
  const said: string[] = [];
  const ask = async () => {
    said.push("asked");
    return null;
  };
  const table = new RemoteTable({ headers: ["a"], data: [[1]], metadata: null, rows: 9, table: "t" }, ask, () => {});
  table.onNews = () => table.need([0, 9], [0, 1]);
  for (const act of [() => table.apply({ do: "delete_rows", rows: [0] }), () => table.rewind(0)]) {
    act();
    said.push("told");
    await Promise.resolve();
    await Promise.resolve();
  }
  expect(said).toEqual(["told", "asked", "told", "asked"]);
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

const named = () => ({
  headers: ["a", "b"],
  data: [
    [3, "x"],
    [1, "y"],
    [2, "z"],
  ],
  metadata: null,
  table: "t",
});

// TR-40
test("of a table that the kernel knows only what was done to it is sent", () => {
  const table = new WholeTable(named(), [], 0);
  table.apply({ do: "set", cells: [[0, 0, 5]] });
  table.apply({ do: "set", cells: [[0, 0, "9007199254740993"]] });
  expect(table.value().wire).toEqual({ table: "t", edits: [{ do: "set", cells: [[0, 0, "9007199254740993"]] }] });
  expect(table.value().local.data[0]).toEqual(["9007199254740993", "x"]);
});

// TR-40
test("rows that are shown of an empty table come to be with the first edit", () => {
  const table = new WholeTable({ headers: ["a"], data: [], metadata: null }, [], 2);
  table.apply({ do: "set", cells: [[1, 0, 5]] });
  expect(table.value().wire).toEqual({
    table: null,
    headers: ["a"],
    edits: [
      { do: "blank", count: 2 },
      { do: "set", cells: [[1, 0, 5]] },
    ],
  });
  table.rewind(0);
  expect(table.value().wire).toEqual({ table: null, headers: ["a"], edits: [] });
  expect(table.rows).toBe(2);
});

// TR-47
test("a range of a sorted table is filled and taken back, and its rows stay where they are", () => {
  const table = new WholeTable(named(), [], 0);
  table.show({ sort: [[0, false]], search: "" });
  table.apply({ do: "fill", columns: [[0, 1, null]], ...table.range([1, 3]) });
  expect(table.value().local.data).toEqual([
    [null, "x"],
    [1, "y"],
    [null, "z"],
  ]);
  expect([0, 1, 2].map((row) => table.at(row))).toEqual([1, 2, 0]);
  table.apply({ do: "drop", ...table.range([0, 2]) });
  expect(table.value().local.data).toEqual([[null, "x"]]);
  table.rewind(1);
  table.rewind(0);
  expect(table.value()).toMatchObject({ wire: { edits: [] }, local: { data: named().data } });
  expect([0, 1, 2].map((row) => table.cell(row, 0))).toEqual([1, 2, 3]);
});

// TR-47
test("any rows of a table that is here are named in few bytes", () => {
  const data = Array.from({ length: 5000 }, (_, i) => [i]);
  const table = new WholeTable({ headers: ["a"], data, metadata: null, table: "t" }, [], 0);
  table.show({ sort: [], search: "1" });
  const range = table.range([0, table.rows]);
  expect(JSON.stringify(range).length).toBeLessThan(900);
  table.apply({ do: "fill", columns: [[0, 1, null]], ...range });
  expect(table.value().local.data.every(([cell], row) => (cell === null) === String(row).includes("1"))).toBe(true);
});

// TR-47
test("a range of a table in the kernel is one short command, whatever of it is here", () => {
  const value = { headers: ["a", "b"], data: [[1, 2]], metadata: null, rows: 1_000_000, table: "t" };
  const table = new RemoteTable(
    value,
    async () => null,
    () => {},
  );
  table.show({ sort: [[1, true]], search: "x" });
  table.apply({ do: "fill", columns: [[0, 2, null]], ...table.range([0, 900_000]) });
  const { wire } = table.value() as { wire: { edits: { rows: number[]; view: unknown }[] } };
  expect(wire.edits[0]).toMatchObject({ rows: [0, 900_000], view: { sort: [[1, true]], search: "x" } });
  expect(JSON.stringify(wire).length).toBeLessThan(200);
  table.apply({ do: "drop", ...table.range([0, 10]) });
  expect(table.all).toBe(999_990);
  table.rewind(1);
  expect(table.all).toBe(1_000_000);
  table.rewind(0);
  expect(table.value().wire).toEqual({ table: "t", edits: [] });
});
