import { expect, test } from "vitest";
import { mount } from "../testing";
import Radio from "./radio";

const choices = [
  ["One", 1],
  ["Two", 2],
];

test("the page's value is that of the choice, not its label", () => {
  const shown = mount("radio", Radio as never, { choices });
  shown.click(shown.all("input")[1]!);
  expect(shown.reports).toEqual([
    { event: "input", value: 2 },
    { event: "select", data: { index: 1, value: 2, selected: true } },
  ]);
});

test("nothing is chosen if the value is none of the choices", () => {
  const shown = mount("radio", Radio as never, { choices, value: 2 });
  const ticked = () => shown.all("input").map((one) => (one as HTMLInputElement).checked);
  expect(ticked()).toEqual([false, true]);
  shown.set("value", null);
  expect(ticked()).toEqual([false, false]);
});
