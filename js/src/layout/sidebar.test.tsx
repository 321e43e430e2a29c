import { expect, test } from "vitest";
import { mount } from "../testing";
import Sidebar from "./sidebar";

const sidebar = (given = {}) => mount("sidebar", Sidebar as never, { label: "Settings", ...given });

test("the handle puts it away and brings it back", () => {
  const shown = sidebar();
  const handle = shown.find("button");
  expect([handle.getAttribute("aria-expanded"), handle.getAttribute("aria-label")]).toEqual(["true", "Settings"]);
  expect(shown.find("aside").id).toBe(handle.getAttribute("aria-controls"));
  shown.click("button");
  expect(shown.find("aside").hidden).toBe(true);
  expect(handle.getAttribute("aria-expanded")).toBe("false");
  shown.click("button");
  expect(shown.events()).toEqual(["collapse", "expand"]);
});

test("the kernel can do the same, which is no event", () => {
  const shown = sidebar({ open: false });
  expect(shown.find("aside").hidden).toBe(true);
  shown.set("open", true);
  expect(shown.find("aside").hidden).toBe(false);
  expect(shown.events()).toEqual([]);
});

test("Escape puts away one that lies over the others, and only that", () => {
  const shown = sidebar();
  shown.key("aside", "Escape");
  expect(shown.events()).toEqual([]);
  shown.find("aside").style.position = "absolute";
  shown.key("aside", "Escape");
  expect(shown.events()).toEqual(["collapse"]);
  expect(document.activeElement).toBe(shown.find("button"));
});
