import { expect, test } from "vitest";
import { mount } from "../testing";
import Slider from "./slider";

const RANGE = 'input[type="range"]';
const BOX = 'input[type="number"]';
const slider = (given = {}) => mount("slider", Slider as never, { value: 10, ...given });
const textIn = (shown: ReturnType<typeof slider>, selector: string) => shown.find<HTMLInputElement>(selector).value;

test("moving reports input, letting go reports release once", () => {
  const shown = slider();
  shown.fire(RANGE, new Event("pointerdown", { bubbles: true }));
  shown.type(RANGE, "20");
  shown.type(RANGE, "30");
  shown.fire(RANGE, new Event("pointerup", { bubbles: true }));
  shown.fire(RANGE, new Event("change", { bubbles: true }));
  expect(shown.reports).toEqual([
    { event: "input", value: 20 },
    { event: "input", value: 30 },
    { event: "release", value: 30 },
  ]);
});

test("the handle does not jump under the user's hand", () => {
  const shown = slider();
  shown.fire(RANGE, new Event("pointerdown", { bubbles: true }));
  shown.type(RANGE, "40");
  shown.set("value", 5);
  expect(textIn(shown, RANGE)).toBe("40");
  shown.fire(RANGE, new Event("pointerup", { bubbles: true }));
  expect(shown.reports.at(-1)).toEqual({ event: "release", value: 40 });
});

test("a value from the kernel moves the handle and the number", () => {
  const shown = slider();
  shown.set("value", 55);
  expect([textIn(shown, RANGE), textIn(shown, BOX)]).toEqual(["55", "55"]);
});

test("a typed number is held within the scale when it is left", () => {
  const shown = slider();
  shown.type(BOX, "500");
  expect(shown.reports).toEqual([]);
  shown.fire(BOX, new Event("change", { bubbles: true }));
  expect(shown.reports).toEqual([
    { event: "input", value: 100 },
    { event: "release", value: 100 },
  ]);
});

test("reset goes back to the first value", () => {
  const shown = slider();
  shown.type(RANGE, "70");
  shown.click('button[aria-label="Reset"]');
  expect(shown.reports.slice(1)).toEqual([
    { event: "input", value: 10 },
    { event: "release", value: 10 },
  ]);
});

test("the button that goes back is there unless other buttons are asked for", () => {
  const resets = (buttons: string[] | null) => slider({ buttons }).all('[aria-label="Reset"]').length;
  expect([resets(null), resets(["reset"]), resets([])]).toEqual([1, 1, 0]);
});

test("a number that is being typed stays while other properties arrive", () => {
  const shown = slider({ maximum: 1000 });
  shown.type(BOX, "25");
  shown.set("label", "Depth");
  shown.set("info", "Deeper is slower");
  expect(textIn(shown, BOX)).toBe("25");
  expect(shown.find(RANGE).getAttribute("aria-describedby")).toBe(`${shown.node.domId}-info`);
});

test("nought is a number, too", () => {
  expect(textIn(slider({ value: 0 }), BOX)).toBe("0");
});

// TR-40
test("a long number typed into the box keeps its last digit", () => {
  const shown = slider({ maximum: 2n ** 60n, value: 5 });
  shown.type(BOX, "9007199254740993");
  expect(shown.reports).toEqual([{ event: "input", value: 9007199254740993n }]);
  shown.set("value", 9007199254740995n);
  expect(textIn(shown, BOX)).toBe("9007199254740995");
});

// TR-41
test("infinities are shown in the box, at the end of the track", () => {
  const shown = slider({ minimum: 0, maximum: 10, value: Infinity });
  expect([textIn(shown, ".nbb-scale-number"), textIn(shown, RANGE)]).toEqual(["Infinity", "10"]);
});
