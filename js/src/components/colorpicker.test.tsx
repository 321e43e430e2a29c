import { expect, test } from "vitest";
import { hexOf } from "../colors";
import { mount } from "../testing";
import ColorPicker from "./colorpicker";

const picker = (given = {}) => mount("colorpicker", ColorPicker as never, { label: "Ink", ...given });
const text = (shown: ReturnType<typeof picker>) => shown.find<HTMLInputElement>(".nbb-colour-text");

test("colours in hex are of one form", () => {
  expect(hexOf("#1769D2")).toBe("#1769d2");
  expect(hexOf("f80")).toBe("#ff8800");
  expect(hexOf("#11223344")).toBe("#112233");
  for (const none of ["", "#12", "#12345", "12345g"]) expect(hexOf(none)).toBeUndefined();
});

test("picking reports each colour, and its end", () => {
  const shown = picker({ value: "#000000" });
  shown.type("[type=color]", "#ff0000");
  shown.fire("[type=color]", new Event("change", { bubbles: true }));
  expect(shown.reports).toEqual([
    { event: "input", value: "#ff0000" },
    { event: "release", value: "#ff0000" },
  ]);
  expect(text(shown).value).toBe("#ff0000");
});

test("what is typed stays as it is while other properties and its own colour arrive", () => {
  const shown = picker({ value: "#000000" });
  shown.type(".nbb-colour-text", "#f00");
  expect(shown.reports).toEqual([{ event: "input", value: "#ff0000" }]);
  shown.set("value", "#ff0000"); // the echo
  shown.set("label", "Paper");
  expect(text(shown).value).toBe("#f00");
  shown.type(".nbb-colour-text", "#f0");
  shown.set("info", "Used for lines");
  expect(text(shown).value).toBe("#f0");
  expect(shown.events()).toEqual(["input"]);
});

test("what is no colour is said to be none, and Enter submits what is", () => {
  const shown = picker({ value: "#000000" });
  shown.type(".nbb-colour-text", "#12");
  shown.key(".nbb-colour-text", "Enter");
  expect(shown.find("[role=alert]").textContent).toBe("Not a color");
  expect(text(shown).getAttribute("aria-invalid")).toBe("true");
  expect(shown.events()).toEqual([]);
  shown.type(".nbb-colour-text", "#123");
  expect(shown.find("[role=alert]").textContent).toBe("");
  shown.key(".nbb-colour-text", "Enter");
  expect(shown.reports.at(-1)).toEqual({ event: "submit", value: "#112233" });
});

test("text and picker have one focus", () => {
  const shown = picker();
  const [swatch, box] = shown.all("input");
  const move = (type: string, target: Element, from: Element | null) =>
    shown.fire(target, new FocusEvent(type, { bubbles: true, relatedTarget: from }));
  move("focusin", swatch!, null);
  move("focusout", swatch!, box!);
  move("focusin", box!, swatch!);
  expect(shown.events()).toEqual(["focus"]);
  move("focusout", box!, null);
  expect(shown.events()).toEqual(["focus", "blur"]);
});

test("one that can not be edited takes nothing", () => {
  const shown = picker({ interactive: false, value: "#ff0000" });
  expect(shown.find<HTMLInputElement>("[type=color]").disabled).toBe(true);
  expect(text(shown).readOnly).toBe(true);
  shown.key(".nbb-colour-text", "Enter");
  expect(shown.events()).toEqual([]);
});
