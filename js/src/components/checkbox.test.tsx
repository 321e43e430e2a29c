import { expect, test } from "vitest";
import { mount } from "../testing";
import Checkbox from "./checkbox";

test("ticking reports the value and which box it was", () => {
  const shown = mount("checkbox", Checkbox as never, { label: "Agree", value: false });
  shown.click("input");
  expect(shown.reports).toEqual([
    { event: "input", value: true },
    { event: "select", data: { index: 0, value: "Agree", selected: true } },
  ]);
});

test("the kernel can tick it", () => {
  const shown = mount("checkbox", Checkbox as never, { value: false });
  shown.set("value", true);
  expect(shown.find<HTMLInputElement>("input").checked).toBe(true);
});
