import { expect, test } from "vitest";
import { mount } from "../testing";
import Tabs from "./tabs";

const tab = { label: "", visible: true, interactive: true, id: null, render_children: false };
const kinds = [
  { label: "One" },
  { label: "Two", id: "second" },
  { label: "Off", interactive: false },
  { label: "Four" },
];

function tabs(given = {}) {
  const nodes = kinds.map((_, at) => ({ id: 100 + at, type: "tab", children: [], domId: `tab-${at}` }));
  const propsOf = (node: { id: number }) => ({ ...tab, ...kinds[node.id - 100] });
  return mount("tabs", Tabs as never, given, { propsOf } as never, nodes as never);
}
const chosen = (shown: ReturnType<typeof tabs>) => shown.find('[aria-selected="true"]').textContent;

test("the first tab is in sight unless another is selected", () => {
  expect(chosen(tabs())).toBe("One");
  expect(chosen(tabs({ selected: "second" }))).toBe("Two");
});

test("a click chooses and reports", () => {
  const shown = tabs();
  shown.click(shown.all('[role="tab"]')[1]!);
  expect(chosen(shown)).toBe("Two");
  expect(shown.reports).toEqual([
    { event: "change" },
    { event: "select", data: { index: 1, value: "Two", selected: true } },
  ]);
  shown.click(shown.all('[role="tab"]')[1]!);
  expect(shown.reports.length).toBe(2);
});

test("the arrow keys pass by tabs that are off", () => {
  const shown = tabs({ selected: "second" });
  shown.key('[role="tablist"]', "ArrowRight");
  expect(chosen(shown)).toBe("Four");
  shown.key('[role="tablist"]', "ArrowRight");
  expect(chosen(shown)).toBe("One");
});

test("the kernel can switch, which is no event", () => {
  const shown = tabs();
  shown.set("selected", 3);
  expect(chosen(shown)).toBe("Four");
  expect(shown.reports).toEqual([]);
});
