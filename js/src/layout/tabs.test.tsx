import { expect, test, vi } from "vitest";
import { mount } from "../testing";
import Tabs from "./tabs";

const tab = { label: "", visible: true, interactive: true, id: null, render_children: false };
const kinds = [
  { label: "One" },
  { label: "Two", id: "second" },
  { label: "Off", interactive: false },
  { label: "Four" },
];

function tabs(given = {}, made: object[] = kinds) {
  const nodes = made.map((_, at) => ({ id: 100 + at, type: "tab", children: [], domId: `tab-${at}` }));
  const propsOf = (node: { id: number }) => ({ ...tab, ...made[node.id - 100] });
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

test("tabs at the right come last, for the keys as well", () => {
  const shown = tabs({}, [{ label: "Right", alignment: "right" }, { label: "One" }, { label: "Two" }]);
  expect(shown.all('[role="tab"]').map((one) => one.textContent)).toEqual(["One", "Two", "Right"]);
  expect(chosen(shown)).toBe("Right");
  shown.key('[role="tablist"]', "ArrowRight");
  expect(shown.reports.at(-1)).toEqual({ event: "select", data: { index: 1, value: "One", selected: true } });
});

test("without room for all there is a menu of them, unless they wrap", () => {
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      disconnect() {}
    },
  );
  const width = vi.spyOn(HTMLElement.prototype, "scrollWidth", "get").mockReturnValue(900);
  expect(tabs({ overflow_behavior: "wrap" }).all(".nbb-tabmenu")).toEqual([]);
  const shown = tabs();
  shown.click(".nbb-tabmenu");
  expect(shown.all('[role="menuitemradio"]').map((one) => one.textContent)).toEqual(["One", "Two", "Off", "Four"]);
  expect(document.activeElement?.textContent).toBe("One");
  shown.fire(document.activeElement!, new KeyboardEvent("keydown", { key: "End", bubbles: true }));
  expect(document.activeElement?.textContent).toBe("Four");
  shown.click(document.activeElement as HTMLElement);
  expect(chosen(shown)).toBe("Four");
  expect(shown.all('[role="menu"]')).toEqual([]);
  shown.click(".nbb-tabmenu");
  shown.fire(document.activeElement!, new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  expect(document.activeElement).toBe(shown.find(".nbb-tabmenu"));
  width.mockRestore();
  vi.unstubAllGlobals();
});
