import { expect, test } from "vitest";
import { mount } from "../testing";
import Dropdown from "./dropdown";

const choices = [
  ["Cat", "cat"],
  ["Dog", "dog"],
  ["Goldfish", "fish"],
];
const dropdown = (given = {}) => mount("dropdown", Dropdown as never, { choices, ...given });
const options = (shown: ReturnType<typeof dropdown>) => shown.all('[role="option"]').map((one) => one.textContent);
const text = (shown: ReturnType<typeof dropdown>) => shown.find<HTMLInputElement>("input").value;

test("a click opens the list and one on an option chooses it", () => {
  const shown = dropdown({ value: "cat" });
  expect(text(shown)).toBe("Cat");
  shown.click("input");
  expect(options(shown)).toEqual(["Cat", "Dog", "Goldfish"]);
  shown.click(shown.all('[role="option"]')[2]!);
  expect(shown.reports.filter((one) => one.event !== "focus")).toEqual([
    { event: "input", value: "fish" },
    { event: "select", data: { index: 2, value: "fish", selected: true } },
  ]);
  expect(text(shown)).toBe("Goldfish");
  expect(options(shown)).toEqual([]);
});

test("typing narrows the list down and Enter takes the first", () => {
  const shown = dropdown();
  shown.type("input", "do");
  expect(options(shown)).toEqual(["Dog"]);
  shown.key("input", "Enter");
  expect(shown.reports[0]).toEqual({ event: "input", value: "dog" });
});

test("the arrow keys walk and Escape leaves everything as it was", () => {
  const shown = dropdown({ value: "cat" });
  shown.key("input", "ArrowDown");
  shown.key("input", "ArrowDown");
  expect(shown.find(".nbb-active").textContent).toBe("Dog");
  shown.key("input", "Escape");
  expect(shown.reports).toEqual([]);
  expect(text(shown)).toBe("Cat");
});

test("text that is no choice is dropped when the box is left", () => {
  const shown = dropdown({ value: "cat" });
  shown.type("input", "horse");
  shown.fire("input", new FocusEvent("blur"));
  expect(shown.events()).toEqual(["blur"]);
  expect(text(shown)).toBe("Cat");
});

test("custom text is taken where it is allowed", () => {
  const shown = dropdown({ allow_custom_value: true });
  shown.type("input", "horse");
  shown.key("input", "Enter");
  expect(shown.reports[0]).toEqual({ event: "input", value: "horse" });
  expect(text(shown)).toBe("horse");
});

test("of several, each can be added and removed", () => {
  const shown = dropdown({ multiselect: true, value: ["cat"] });
  shown.click("input");
  shown.click(shown.all('[role="option"]')[1]!);
  expect(shown.reports.find((one) => one.event === "input")?.value).toEqual(["cat", "dog"]);
  shown.key("input", "Backspace");
  expect(shown.reports.at(-1)).toEqual({ event: "select", data: { index: 1, value: "dog", selected: false } });
  shown.click('[aria-label="Remove Cat"]');
  expect(shown.reports.filter((one) => one.event === "input").at(-1)?.value).toEqual([]);
});

test("no more than max_choices can be chosen", () => {
  const shown = dropdown({ multiselect: true, value: ["cat"], max_choices: 1 });
  shown.click("input");
  shown.click(shown.all('[role="option"]')[1]!);
  expect(shown.events()).not.toContain("input");
});

test("keys typed are reported", () => {
  const shown = dropdown();
  shown.type("input", "d");
  shown.fire("input", new KeyboardEvent("keyup", { key: "d" }));
  expect(shown.reports).toEqual([{ event: "key_up", data: { key: "d", input_value: "d" } }]);
});

test("of ten thousand choices a page's worth is drawn, and more towards the end", () => {
  const many = Array.from({ length: 10_000 }, (_, at) => [`No. ${at}`, at]);
  const shown = dropdown({ choices: many, value: 0, num_choices_shown: 100 });
  shown.click("input");
  expect(options(shown).length).toBe(100);
  shown.key("input", "ArrowUp");
  expect(shown.find(".nbb-active").textContent).toBe("No. 0"); // and not all that there are
  for (let at = 0; at < 100; at += 1) shown.key("input", "ArrowDown");
  expect([shown.find(".nbb-active").textContent, options(shown).length]).toEqual(["No. 100", 200]);
  shown.fire('[role="listbox"]', new Event("scroll"));
  expect(options(shown).length).toBe(300);
  shown.type("input", "9999");
  expect(options(shown)).toEqual(["No. 9999"]);
  expect(shown.find('[role="status"]').textContent).toBe("1 of 10000 choices");
  shown.key("input", "Enter");
  expect(shown.reports.find((one) => one.event === "input")?.value).toBe(9999);
});

test("what is typed stays while other properties arrive", () => {
  const shown = dropdown({ value: "cat" });
  shown.type("input", "gol");
  shown.set("label", "Animal");
  shown.set("choices", [...choices, ["Golden eagle", "eagle"]]);
  expect(text(shown)).toBe("gol");
  expect(options(shown)).toEqual(["Goldfish", "Golden eagle"]);
});
