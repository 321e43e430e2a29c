import { expect, test, vi } from "vitest";
import { mount } from "../testing";
import Button from "./button";

test("a press is reported", () => {
  const shown = mount("button", Button as never, { value: "Go" });
  expect(shown.find("button").textContent).toBe("Go");
  shown.click("button");
  expect(shown.events()).toEqual(["click"]);
});

test("one that is not interactive is disabled", () => {
  expect(mount("button", Button as never, { interactive: false }).find<HTMLButtonElement>("button").disabled).toBe(
    true,
  );
});

test("a link opens and no click is reported", () => {
  const open = vi.spyOn(window, "open").mockReturnValue(null);
  const shown = mount("button", Button as never, { link: "https://example.org/" });
  shown.click("button");
  expect(open).toHaveBeenCalledWith("https://example.org/", "_blank", "noopener");
  expect(shown.events()).toEqual([]);
});

test("a link that would run script does nothing", () => {
  const open = vi.spyOn(window, "open").mockReturnValue(null);
  mount("button", Button as never, { link: "javascript:alert(1)" }).click("button");
  expect(open).not.toHaveBeenCalled();
});

test("an unknown look is the default one", () => {
  const { className } = mount("button", Button as never, { variant: "odd", size: "xxl" }).find("button");
  expect(className).toBe("nbb-press nbb-secondary nbb-lg");
});
