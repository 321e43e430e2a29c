import { expect, test } from "vitest";
import { mount } from "../testing";
import CheckboxGroup from "./checkboxgroup";

const choices = [
  ["One", 1],
  ["Two", 2],
  ["Three", 3],
];
const group = (given = {}) => mount("checkboxgroup", CheckboxGroup as never, { choices, ...given });
const ticked = (shown: ReturnType<typeof group>) => shown.all("input").map((one) => (one as HTMLInputElement).checked);

test("ticking adds a value, unticking takes it away", () => {
  const shown = group({ value: [3] });
  shown.click(shown.all("input")[0]!);
  shown.click(shown.all("input")[2]!);
  expect(shown.reports).toEqual([
    { event: "input", value: [3, 1] },
    { event: "select", data: { index: 0, value: 1, selected: true } },
    { event: "input", value: [1] },
    { event: "select", data: { index: 2, value: 3, selected: false } },
  ]);
});

test("the kernel ticks", () => {
  const shown = group();
  shown.set("value", [2, 3]);
  expect(ticked(shown)).toEqual([false, true, true]);
});

test("one box ticks all, and none", () => {
  const shown = group({ show_select_all: true, value: [2] });
  const all = shown.find<HTMLInputElement>(".nbb-all input");
  expect(all.indeterminate).toBe(true);
  shown.click(all);
  expect(ticked(shown)).toEqual([true, true, true, true]);
  shown.click(all);
  expect(shown.reports.map((one) => one.value)).toEqual([[1, 2, 3], []]);
});
