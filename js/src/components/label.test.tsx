import { expect, test } from "vitest";
import { mount } from "../testing";
import Label from "./label";

const value = {
  label: "cat",
  confidences: [
    { label: "cat", confidence: 0.914 },
    { label: "dog", confidence: 0.004 },
  ],
};
const label = (given = {}, app = {}) => mount("label", Label as never, given, app as never);

test("the best class stands above the bars of all", () => {
  const shown = label({ value, color: "tomato" });
  expect(shown.find(".nbb-best").textContent).toBe("cat");
  expect(shown.find(".nbb-best").style.background).toContain("tomato");
  expect(shown.all(".nbb-class").map((one) => one.textContent)).toEqual(["cat91%", "dog0.4%"]);
  expect(shown.find(".nbb-class-bar span").style.width).toBe("91.4%");
});

test("without a heading there are only bars, but a class alone is always shown", () => {
  const shown = label({ value, show_heading: false });
  expect(shown.all(".nbb-best")).toEqual([]);
  shown.set("value", { label: "dog", confidences: null });
  expect(shown.find(".nbb-best").textContent).toBe("dog");
});

test("a class is chosen if somebody wants to know", () => {
  expect(label({ value }).all("button")).toEqual([]);
  const shown = label({ value }, { listens: () => true });
  shown.click(shown.all("button")[1]!);
  expect(shown.reports).toEqual([{ event: "select", data: { index: 1, value: "dog", selected: true } }]);
});

test("nothing yet is told", () => {
  expect(label().find('[role="img"]').getAttribute("aria-label")).toBe("No result");
});
