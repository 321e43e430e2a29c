import { expect, test } from "vitest";
import { mount } from "../testing";
import NumberBox from "./number";

const box = (given = {}) => mount("number", NumberBox as never, given);

test("an empty box is null", () => {
  const shown = box({ value: 3 });
  shown.type("input", "");
  expect(shown.reports).toEqual([{ event: "input", value: null }]);
});

test("what is being typed stays while it stands for the same number", () => {
  const shown = box();
  shown.type("input", "1.0");
  expect(shown.reports).toEqual([{ event: "input", value: 1 }]);
  expect(shown.find<HTMLInputElement>("input").value).toBe("1.0");
});

test("a number from the kernel is shown, and none empties the box", () => {
  const shown = box({ value: 3 });
  shown.set("value", 4.5);
  expect(shown.find<HTMLInputElement>("input").value).toBe("4.5");
  shown.set("value", null);
  expect(shown.find<HTMLInputElement>("input").value).toBe("");
});

test("Enter submits", () => {
  const shown = box({ value: 3 });
  shown.key("input", "Enter");
  expect(shown.reports).toEqual([{ event: "submit", value: 3 }]);
});

test("what is typed stays while other properties and its own number arrive", () => {
  const shown = box({ value: 3, label: "Size" });
  shown.type("input", "2.50");
  shown.set("value", 2.5);
  shown.set("label", "Length");
  shown.set("maximum", 10);
  expect(shown.find<HTMLInputElement>("input").value).toBe("2.50");
});

// TR-40
test("a long number keeps its last digit, typed and shown", () => {
  const shown = box({ value: 9007199254740993n });
  expect(shown.find<HTMLInputElement>("input").value).toBe("9007199254740993");
  shown.type("input", "9007199254740995");
  expect(shown.reports).toEqual([{ event: "input", value: 9007199254740995n }]);
  expect(shown.find<HTMLInputElement>("input").value).toBe("9007199254740995");
});

// TR-41
test("numbers that are no usual ones are shown as such", () => {
  const shown = box();
  const texts = [Infinity, -Infinity, NaN, -0, 1e308, 5e-324, 3].map((value) => {
    shown.set("value", value);
    return shown.find<HTMLInputElement>("input").value;
  });
  expect(texts).toEqual(["Infinity", "-Infinity", "NaN", "-0", "1e+308", "5e-324", "3"]);
  shown.set("value", Infinity);
  shown.type("input", "7");
  expect(shown.reports).toEqual([{ event: "input", value: 7 }]);
});
