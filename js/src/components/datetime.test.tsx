import { expect, test, vi } from "vitest";
import { mount } from "../testing";
import DateTime, { dateIn } from "./datetime";

const when = (given = {}) => mount("datetime", DateTime as never, { label: "Start", ...given });
const text = (shown: ReturnType<typeof when>) => shown.find<HTMLInputElement>(".nbb-text");

test.each([
  ["2024-05-01 12:30:05", true, "2024-05-01 12:30:05"],
  ["2024-05-01T12:30", true, "2024-05-01 12:30:00"],
  ["2024-05-01", true, "2024-05-01 00:00:00"],
  ["2024-05-01", false, "2024-05-01"],
  [" now - 5m ", true, "now - 5m"],
  ["now+2d", false, "now+2d"],
  ["", true, ""],
  ["2024-05-01 12:30", false, undefined],
  ["2024-02-30", true, undefined],
  ["2024-05-01 25:00", true, undefined],
  ["now - 5 weeks", true, undefined],
  ["yesterday", true, undefined],
])("%j is, with time %j, the date %j", (given, timed, wanted) => {
  expect(dateIn(given, timed)).toBe(wanted);
});

test("what is typed stays as it is while other properties and its own date arrive", () => {
  const shown = when({ value: "2024-05-01 12:00:00" });
  shown.type(".nbb-text", "2024-05-02 9");
  expect(shown.events()).toEqual([]);
  shown.set("label", "End");
  expect(text(shown).value).toBe("2024-05-02 9");
  shown.type(".nbb-text", "2024-05-02 09:30");
  shown.set("value", "2024-05-02 09:30:00"); // the echo
  expect(shown.reports).toEqual([{ event: "input", value: "2024-05-02 09:30:00" }]);
  expect(text(shown).value).toBe("2024-05-02 09:30");
  shown.set("value", "2025-01-01 00:00:00");
  expect(text(shown).value).toBe("2025-01-01 00:00:00");
});

test("what is no date is said to be none, and Enter submits what is", () => {
  const shown = when({ include_time: false });
  shown.type(".nbb-text", "tomorrow");
  shown.key(".nbb-text", "Enter");
  expect(shown.find("[role=alert]").textContent).toBe("Write YYYY-MM-DD, or now - 5m");
  expect(text(shown).getAttribute("aria-invalid")).toBe("true");
  expect(shown.events()).toEqual([]);
  shown.type(".nbb-text", "2024-05-01");
  shown.key(".nbb-text", "Enter");
  expect(shown.reports).toEqual([
    { event: "input", value: "2024-05-01" },
    { event: "submit", value: "2024-05-01" },
  ]);
  expect(shown.find("[role=alert]").textContent).toBe("");
});

test("an emptied box is None", () => {
  const shown = when({ value: "2024-05-01 12:00:00" });
  shown.type(".nbb-text", "");
  expect(shown.reports).toEqual([{ event: "input", value: null }]);
});

test("the browser's picker opens at the value, and sets it", () => {
  const shown = when({ value: "2024-05-01 12:30:00" });
  const native = shown.find<HTMLInputElement>("[type=datetime-local]");
  native.showPicker = vi.fn();
  shown.click("button");
  expect(native.showPicker).toHaveBeenCalledOnce();
  expect(native.value).toMatch(/^2024-05-01T12:30/);
  shown.type("[type=datetime-local]", "2024-06-01T08:00");
  expect(shown.reports).toEqual([{ event: "input", value: "2024-06-01 08:00:00" }]);
  expect(text(shown).value).toBe("2024-06-01 08:00:00");
  shown.key(".nbb-text", "ArrowDown", { altKey: true });
  expect(native.showPicker).toHaveBeenCalledTimes(2);
});

test("one that can not be edited has no picker", () => {
  const shown = when({ interactive: false, value: "2024-05-01 12:00:00" });
  expect(shown.all("button")).toEqual([]);
  expect(text(shown).readOnly).toBe(true);
});
