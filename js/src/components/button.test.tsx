import { expect, test } from "vitest";
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

test("with a link it is one, in a tab of its own, and no click is reported", () => {
  const shown = mount("button", Button as never, { value: "Docs", link: "https://example.org/" });
  const link = shown.find<HTMLAnchorElement>("a");
  expect([link.href, link.target, link.rel]).toEqual(["https://example.org/", "_blank", "noopener noreferrer"]);
  expect(link.className).toBe("nbb-press nbb-secondary nbb-lg");
  link.addEventListener("click", (event) => event.preventDefault());
  shown.click(link);
  expect(shown.events()).toEqual([]);
  const same = mount("button", Button as never, { link: "https://example.org/", link_target: "_top" });
  expect(same.find<HTMLAnchorElement>("a").target).toBe("_top");
});

test("a link that would run script, or is off, does nothing", () => {
  for (const given of [{ link: "javascript:alert(1)" }, { link: "https://example.org/", interactive: false }]) {
    const shown = mount("button", Button as never, given);
    expect(shown.all("a")).toEqual([]);
    shown.click("button");
    expect(shown.events()).toEqual([]);
  }
});

test("an unknown look is the default one", () => {
  const { className } = mount("button", Button as never, { variant: "odd", size: "xxl" }).find("button");
  expect(className).toBe("nbb-press nbb-secondary nbb-lg");
});
