import { expect, test } from "vitest";
import { marked, positionOf, type Token, tokenAt } from "../marking";
import { mount } from "../testing";
import HighlightedText from "./highlightedtext";

const of = (...parts: [string, string | number | null][]): Token[] =>
  parts.map(([token, class_or_confidence]) => ({ token, class_or_confidence }));
const pairs = (tokens: Token[]) => tokens.map((one) => [one.token, one.class_or_confidence]);
const sentence = of(["Ada", "person"], [" went to London", null]);
const shownWith = (given = {}, app = {}) =>
  mount("highlightedtext", HighlightedText as never, { label: "Names", value: sentence, ...given }, app);

/** Select characters of the text, as a user does with Shift and the arrows. */
function select(shown: ReturnType<typeof shownWith>, part: number, from: number, to: number): void {
  const text = shown.all("[data-text]")[part]!.firstChild!;
  document.getSelection()?.setBaseAndExtent(text, from, text, to);
}

test("a stretch of the text becomes a part of its own", () => {
  expect(pairs(marked(sentence, 12, 18, "place"))).toEqual([
    ["Ada", "person"],
    [" went to ", null],
    ["London", "place"],
  ]);
  expect(pairs(marked(sentence, 1, 8, "x"))).toEqual([
    ["A", "person"],
    ["da went", "x"],
    [" to London", null],
  ]);
  expect(pairs(marked(sentence, 0, 3, null))).toEqual([["Ada went to London", null]]);
});

test("the part at a place, where two meet the marked one", () => {
  expect(tokenAt(sentence, 1)?.token.token).toBe("Ada");
  expect(tokenAt(sentence, 3)?.token.token).toBe("Ada");
  expect(tokenAt(sentence, 4)?.token.token).toBe(" went to London");
  expect(tokenAt([], 0)).toBeUndefined();
});

test("a place is counted in characters of the text alone", () => {
  const shown = shownWith();
  const box = shown.find(".nbb-marked");
  const [, rest] = shown.all("[data-text]");
  expect(positionOf(box, rest!.firstChild!, 4)).toBe(7);
  expect(positionOf(box, box, 0)).toBe(0);
  expect(positionOf(box, box, 1)).toBe(3);
  expect(positionOf(box, box, 2)).toBe(18);
});

test("selected text is labelled by keyboard alone", () => {
  const shown = shownWith();
  select(shown, 1, 9, 15);
  shown.key(".nbb-marked", "Enter");
  expect(shown.find(".nbb-ask").getAttribute("aria-label")).toBe("Label of “London”");
  shown.type(".nbb-ask-box", "place");
  shown.key(".nbb-ask-box", "Enter");
  expect(shown.events()).toEqual(["input"]);
  expect(pairs(shown.reports[0]!.value as Token[]).at(-1)).toEqual(["London", "place"]);
  expect(shown.all(".nbb-ask")).toEqual([]);
});

test("a label that is being typed stays while other properties and the same text arrive", () => {
  const shown = shownWith();
  select(shown, 1, 9, 15);
  shown.key(".nbb-marked", "Enter");
  shown.type(".nbb-ask-box", "pla");
  shown.set("label", "Entities");
  shown.set("color_map", { person: "red" });
  shown.set("value", [...sentence]);
  expect(shown.find<HTMLInputElement>(".nbb-ask-box").value).toBe("pla");
  shown.set("value", of(["Another text", null]));
  expect(shown.all(".nbb-ask")).toEqual([]);
});

test("a label is changed with Enter, removed with Delete or its button, and left with Escape", () => {
  const shown = shownWith();
  select(shown, 0, 1, 1);
  shown.key(".nbb-marked", "Enter");
  expect(shown.find<HTMLInputElement>(".nbb-ask-box").value).toBe("person");
  shown.key(".nbb-ask-box", "Escape");
  expect(shown.events()).toEqual([]);
  shown.click(".nbb-mark");
  shown.click('[aria-label="Remove the label"]');
  expect(pairs(shown.reports.at(-1)!.value as Token[])).toEqual([["Ada went to London", null]]);
  shown.set("value", sentence);
  select(shown, 0, 1, 1);
  shown.key(".nbb-marked", "Delete");
  expect(pairs(shown.reports.at(-1)!.value as Token[])).toEqual([["Ada went to London", null]]);
});

test("scores are asked for as numbers", () => {
  const shown = shownWith({ value: of(["bad", -0.8], [" day", null]) });
  shown.click(".nbb-score");
  expect(shown.find(".nbb-ask-box").getAttribute("type")).toBe("number");
  shown.type(".nbb-ask-box", "0.5");
  shown.key(".nbb-ask-box", "Enter");
  expect(pairs(shown.reports.at(-1)!.value as Token[])[0]).toEqual(["bad", 0.5]);
});

test("a marked part that somebody listens to is a button", () => {
  const shown = shownWith({ interactive: false }, { listens: (event: string) => event === "select" });
  expect(shown.find("mark").getAttribute("role")).toBe("button");
  shown.key("mark", "Enter");
  expect(shown.reports).toEqual([{ event: "select", data: { index: 0, value: ["Ada", "person"], selected: true } }]);
  expect(shown.find(".nbb-marked").hasAttribute("contenteditable")).toBe(false);
});

test("classes stand beside the parts or in the legend, and colours can be given", () => {
  const beside = shownWith({ interactive: false, color_map: { person: "red" } });
  expect(beside.find(".nbb-mark-kind").textContent).toBe("person");
  expect(beside.find("mark").style.getPropertyValue("--class")).toBe("red");
  expect(beside.all(".nbb-legend")).toEqual([]);
  const above = shownWith({ interactive: false, show_legend: true });
  expect(above.all(".nbb-legend li").map((one) => one.textContent)).toEqual(["person"]);
  expect(above.all(".nbb-mark-kind")).toEqual([]);
  const none = shownWith({ interactive: false, show_inline_category: false });
  expect([none.all(".nbb-mark-kind").length, none.find("mark").title]).toEqual([0, "person"]);
});

test("nothing to show is said, and markup is text", () => {
  expect(shownWith({ value: null }).find("[role=img]").getAttribute("aria-label")).toBe("No text");
  expect(shownWith({ value: of(["<b>x</b>", "<i>"]) }).all("b, i")).toEqual([]);
});
