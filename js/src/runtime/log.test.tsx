import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { define, type Registry } from "./define";
import { PACE } from "./log";
import { Screen } from "./screen";
import showing from "./showing";
import { FakeModel, settle, show } from "./support";
import { MOST_LINES, MOST_TEXT, ROW, Terminal } from "./terminal";

const registry: Registry = { blocks: define(() => <div />), showing: showing as never };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  document.body.replaceChildren();
});

/** The text of a terminal's lines after these pieces. */
function lines(...pieces: string[]): string[] {
  const terminal = new Terminal();
  for (const piece of pieces) terminal.write("stdout", piece, 1);
  return textOf(terminal);
}

function textOf(terminal: Terminal): string[] {
  const found: string[] = [];
  for (const row of terminal.rows) {
    const text = row.spans.map((one) => one.text).join("");
    if (row.after) found[found.length - 1] += text;
    else found.push(text);
  }
  return found;
}

async function open(...entries: Record<string, unknown>[]) {
  const model = new FakeModel({ tree: [1, "blocks", []], options: { live: true } });
  const { el } = await show(registry, { tree: [1, "blocks", []] }, model);
  const log = async (entry: Record<string, unknown>) => {
    model.message({ type: "log", stream: "stdout", text: "", run: 1, ...entry } as never);
    await settle();
    await vi.advanceTimersByTimeAsync(PACE);
  };
  await log({ text: "begin\n" });
  el.querySelector<HTMLButtonElement>(".nbb-log-handle")!.click();
  await settle();
  for (const entry of entries) await log(entry);
  return { el, model, log, rows: () => [...el.querySelectorAll(".nbb-log-row")] };
}

// TR-24
test.each([
  [["10%\r20%\r30%\n"], ["30%"]],
  [["a\r\nb\r\n"], ["a", "b"]],
  [
    ["a\r", "\nb"],
    ["a", "b"],
  ],
  [["loading\rok"], ["ok"]],
  [["end", "\r"], ["end"]],
  [["|\b/\b-\b\\"], ["\\"]],
  [["ab\b\bc"], ["cb"]],
  [["one\ntwo\u001b[A\rONE\n\rTWO\n"], ["ONE", "TWO"]],
  [["one\ntwo\n\u001b[2A\u001b[2Kxyz\n\n"], ["xyz", "two"]],
  [["12345\u001b[3D\u001b[K"], ["12"]],
  [["12345\r\u001b[2Cx"], ["12x"]],
  [["\u001b[31mred\u001b[0m plain"], ["red plain"]],
  [["\u001b", "[3", "1mred\u001b[", "0m"], ["red"]],
  [["\u001b]8;;http://x\u0007link\u001b]8;;\u0007"], ["link"]],
  [["\u001b]0;title\u001b\\x"], ["x"]],
  [["a\tb"], ["a       b"]],
  [["a\u0000\u0007b"], ["ab"]],
  [["a\n\n\nb"], ["a", "", "", "b"]],
  [["x".repeat(2500), "\rdone"], ["done"]],
  [["\u001b[999999999A\u001b[99999999Cx"], [`${" ".repeat(ROW - 1)}x`]],
])("%j is shown as a terminal would", (pieces, wanted) => {
  expect(lines(...pieces)).toEqual(wanted);
  expect(lines(...pieces.join(""))).toEqual(wanted);
});

test("bars below each other stay in their places, as tqdm and rich draw them", () => {
  const steps = Array.from({ length: 50 }, (_, i) => `\router ${i}\n\rinner ${i}\u001b[A`);
  expect(lines(...steps)).toEqual(["outer 49", "inner 49"]);
});

test("a bar goes on in its line while others print", () => {
  const terminal = new Terminal();
  for (let i = 0; i < 100; i++) {
    terminal.write("stderr", `\r${i}%`, 1);
    if (i % 25 === 0) terminal.write("stdout", `step ${i}\n`, 1);
    terminal.write("stderr", `\rother ${i}%`, 2);
  }
  expect(textOf(terminal)).toEqual(["99%", "step 0", "other 99%", "step 25", "step 50", "step 75"]);
});

test("colours are kept as classes", () => {
  const terminal = new Terminal();
  terminal.write("stdout", "\u001b[1;31mred\u001b[39;22m \u001b[38;5;46mgreen\u001b[0m\u001b[48;2;1;2;3mx", 1);
  expect(terminal.rows[0]!.spans.map((one) => one.style)).toEqual([
    "nbb-ansi-bold nbb-ansi-red",
    "",
    "nbb-ansi-green",
    "",
  ]);
});

test("thirty thousand pieces in one line cost by their own length", () => {
  // TR-24
  const terminal = new Terminal();
  const body = document.createElement("div");
  const screen = new Screen(body, () => {});
  screen.begin(terminal);
  let sent = "";
  for (let i = 0; i < 30_000; i++) {
    const piece = `${i % 1000} `.slice(0, 4);
    sent += piece;
    terminal.write("stdout", piece, 1);
    if (i % 20 === 0) screen.draw(terminal);
  }
  screen.draw(terminal);
  expect(terminal.work).toBe(sent.length);
  const rows = Math.ceil(sent.length / ROW);
  expect(screen.nodes).toBeLessThan(4 * rows);
  expect(screen.characters).toBeLessThan(3 * sent.length);
  expect(body.textContent).toBe(`${sent}\n`);
});

test("ten thousand steps of a progress line cost by their own length", () => {
  // TR-24
  const terminal = new Terminal();
  const body = document.createElement("div");
  const screen = new Screen(body, () => {});
  let sent = 0;
  for (let i = 0; i < 10_000; i++) {
    const piece = `\r${i}/10000 ${"#".repeat(i % 50)}`;
    sent += piece.length;
    terminal.write("stderr", piece, 1);
    screen.draw(terminal);
  }
  expect(terminal.work).toBe(sent);
  expect(screen.characters).toBeLessThanOrEqual(sent);
  expect(body.childElementCount).toBe(1);
});

test("a hundred thousand lines are bounded, in memory and in the page, and the drawer says so", async () => {
  // TR-24
  const { el, log, rows } = await open();
  await log({ text: Array.from({ length: 100_000 }, (_, i) => `${i}\n`).join("") });
  expect(rows().length).toBeGreaterThanOrEqual(MOST_LINES);
  expect(rows().length).toBeLessThan(MOST_LINES * 1.2);
  const kept = rows().length;
  expect(el.querySelector(".nbb-log-cut")?.textContent).toBe(
    `… ${(100_001 - kept).toLocaleString()} earlier lines left out`,
  );
  expect(rows().at(-1)?.textContent).toBe("99999\n");
}, 30_000); // the DOM of tests takes its time for each row

test("so are lines of any length", () => {
  const terminal = new Terminal();
  for (let i = 0; i < 100; i++) terminal.write("stdout", "x".repeat(50_000), 1);
  const size = terminal.rows.reduce((sum, row) => sum + row.length, 0);
  expect(size).toBeLessThan(MOST_TEXT * 1.2);
  expect(size).toBeGreaterThan(MOST_TEXT * 0.8);
});

test("a closed drawer touches nothing but its count, at its pace", async () => {
  const { el, model } = await open();
  el.querySelector<HTMLButtonElement>(".nbb-log-handle")!.click();
  await settle();
  let changes = 0;
  const watch = new MutationObserver((records) => {
    changes += records.length;
  });
  watch.observe(el, { subtree: true, childList: true, characterData: true });
  for (let i = 0; i < 1000; i++)
    model.message({ type: "log", stream: i % 2 ? "stdout" : "stderr", text: `${i}\n`, run: 1 });
  await vi.advanceTimersByTimeAsync(PACE);
  await settle();
  expect(changes).toBeLessThan(5);
  expect(el.querySelector(".nbb-log-handle")?.textContent).toBe("Log (1001)");
  watch.disconnect();
});

test("what comes does not move what is being read", async () => {
  const { el, log } = await open();
  const box = el.querySelector<HTMLElement>(".nbb-log-text")!;
  Object.defineProperty(box, "scrollHeight", { value: 1000, configurable: true });
  Object.defineProperty(box, "clientHeight", { value: 200 });
  box.scrollTop = 300;
  box.dispatchEvent(new Event("scroll"));
  await log({ text: "more\n" });
  expect(box.scrollTop).toBe(300);
  box.scrollTop = 800;
  box.dispatchEvent(new Event("scroll"));
  await log({ text: "more\n" });
  expect(box.scrollTop).toBe(1000);
});

test("messages that ride along are shown in order", async () => {
  const more = [
    { stream: "stderr", text: "two\n", run: 1 },
    { stream: "stdout", text: "three", run: 2 },
  ];
  const { rows } = await open({ text: "one\n", more });
  expect(rows().map((row) => row.textContent)).toEqual(["begin\n", "one\n", "two\n", "three\n"]);
});

test("displays are pictures, text or data, and are updated in place", async () => {
  // TR-23
  const { rows, log } = await open(
    { stream: "display", form: "image/png", value: "AAAA", shape: { width: 10 } },
    { stream: "display", form: "image/svg+xml", value: "<svg onload='x'/>" },
    { stream: "display", form: "application/json", value: { a: 1 } },
    { stream: "display", form: "text/plain", value: "<b>no markup</b>", display_id: "d" },
    { text: "after\n" },
  );
  const [png, svg] = rows()
    .slice(1, 3)
    .map((row) => row.querySelector("img")!);
  expect(png!.getAttribute("src")).toBe("data:image/png;base64,AAAA");
  expect(png!.getAttribute("width")).toBe("10");
  expect(svg!.getAttribute("src")).toContain("data:image/svg+xml;charset=utf-8,%3Csvg");
  expect(rows()[3]!.textContent).toContain('"a": 1');
  expect(rows()[4]!.textContent).toBe("<b>no markup</b>\n");
  await log({ stream: "display", form: "text/plain", value: "new", display_id: "d", update: true });
  expect(
    rows()
      .map((row) => row.textContent)
      .slice(4),
  ).toEqual(["new\n", "after\n"]);
});

test("a run's output is cleared, at once or when there is more", async () => {
  const { rows, log } = await open({ text: "other\n", run: 2 }, { stream: "clear", wait: true });
  expect(rows().map((row) => row.textContent)).toEqual(["begin\n", "other\n"]);
  await log({ text: "next\n" });
  expect(rows().map((row) => row.textContent)).toEqual(["other\n", "next\n"]);
  await log({ stream: "clear", wait: false });
  expect(rows().map((row) => row.textContent)).toEqual(["other\n"]);
});

test("after Clear it begins anew", async () => {
  const { el, log, rows } = await open({ text: "half a line" });
  [...el.querySelectorAll<HTMLButtonElement>(".nbb-log-handle")].at(-1)!.click();
  await settle();
  expect(el.querySelector(".nbb-log")).toBeNull();
  await log({ text: "new" });
  el.querySelector<HTMLButtonElement>(".nbb-log-handle")!.click();
  await settle();
  expect(rows().map((row) => row.textContent)).toEqual(["new\n"]);
});
