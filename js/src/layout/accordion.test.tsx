import { expect, test } from "vitest";
import { mount } from "../testing";
import Accordion from "./accordion";

const accordion = (given = {}) => mount("accordion", Accordion as never, { label: "More", ...given });

test("folding reports what was done", () => {
  const shown = accordion();
  expect(shown.find("summary").textContent).toBe("More");
  shown.click("summary");
  shown.click("summary");
  expect(shown.events()).toEqual(["collapse", "expand"]);
});

test("the kernel folds and unfolds, which is no event", () => {
  const shown = accordion({ open: false });
  const details = shown.find<HTMLDetailsElement>("details");
  shown.set("open", true);
  expect(details.open).toBe(true);
  shown.fire(details, new Event("toggle"));
  expect(shown.events()).toEqual([]);
});

test("the kernel can undo what the user did", () => {
  const shown = accordion({ open: true });
  const details = shown.find<HTMLDetailsElement>("details");
  shown.click("summary");
  expect(details.open).toBe(false);
  shown.set("open", true);
  expect(details.open).toBe(true);
});

test("what is unfolded can have a height of its own", () => {
  const { style } = accordion({ max_height: 200 }).find(".nbb-folded");
  expect([style.maxHeight, style.overflow]).toEqual(["200px", "auto"]);
});
