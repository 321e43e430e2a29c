// @vitest-environment jsdom
/** What holds for every field in which one types, over the registry. */

import { signal } from "@preact/signals";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, describe, expect, test } from "vitest";
import { defaults } from "./contract";
import { difference, moved } from "./difference";
import { useDraft, write } from "./draft";
import type { Front } from "./runtime/define";
import { mount } from "./testing";

const files = import.meta.glob<{ default: Front<never, never> }>(["./components/*.tsx", "!./components/*.test.tsx"], {
  eager: true,
});
const fronts = Object.entries(files)
  .map(([file, { default: front }]) => [/([a-z]+)\.tsx$/.exec(file)![1]!, front] as const)
  .filter(([type]) => type in defaults);
const BOX =
  "textarea, input:not([type]), input[type=text], input[type=number], input[type=password], input[type=email]";

interface Sample {
  props?: Record<string, unknown>;
  /** A value, one that begins otherwise and ends alike, what the two look like, and what is no value yet. */
  before: unknown;
  after: unknown;
  texts: [before: string, after: string];
  unfinished?: string;
}

/** What is typed into a field of each type. */
const SAMPLES: Record<string, Sample> = {
  textbox: { before: "brave new world", after: ">> brave new world", texts: ["brave new world", ">> brave new world"] },
  number: { before: 12, after: 712, texts: ["12", "712"] },
  slider: { props: { maximum: 1000 }, before: 12, after: 712, texts: ["12", "712"] },
  datetime: {
    before: "2024-05-01 12:00:00",
    after: "2025-05-01 12:00:00",
    texts: ["2024-05-01 12:00:00", "2025-05-01 12:00:00"],
    unfinished: "2024-05",
  },
  colorpicker: { before: "#112233", after: "#992233", texts: ["#112233", "#992233"], unfinished: "#11" },
  code: { before: "x = 1", after: "# so\nx = 1", texts: ["x = 1", "# so\nx = 1"] },
  dropdown: {
    props: {
      choices: [
        ["a long one", "a"],
        ["b long one", "b"],
      ],
    },
    before: "a",
    after: "b",
    texts: ["a long one", "b long one"],
  },
};

const faces = { chunk: () => signal({}) as never };
const draw = (type: string, front: Front<never, never>, { props = {}, before }: Sample) => {
  const shown = mount(type, front, { ...props, value: before }, faces);
  const boxes = [...shown.el.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(BOX)];
  return { ...shown, box: boxes[0]! };
};
const later = () => act(() => new Promise<void>((done) => setTimeout(done, 5)));

afterEach(() => document.body.replaceChildren());

test("each front in which one types is held to what follows", () => {
  const typing = fronts.filter(([type, front]) => {
    if (!("value" in (defaults[type] ?? {}))) return false;
    try {
      return mount(type, front, {}, { ...faces, propsOf: () => ({}) as never }).el.querySelector(BOX) !== null;
    } catch {
      return false; // it takes more than defaults to be drawn, as those do that nobody types into
    }
  });
  expect(typing.map(([type]) => type).sort()).toEqual(Object.keys(SAMPLES).sort());
});

describe.each(fronts.filter(([type]) => type in SAMPLES))("%s", (type, front) => {
  const sample = SAMPLES[type]!;
  const [first, second] = sample.texts;

  // TR-31
  test("an update waits for the end of a composition", async () => {
    const { box, set, fire } = draw(type, front, sample);
    expect(box.value).toBe(first);
    box.focus();
    await fire(box, new CompositionEvent("compositionstart", { bubbles: true }));
    await set("value", sample.after);
    expect(box.value).toBe(first);
    await fire(box, new CompositionEvent("compositionend", { bubbles: true }));
    await later();
    expect(box.value).toBe(second);
  });

  // TR-31
  test("an update keeps caret and selection", async () => {
    const { box, set } = draw(type, front, sample);
    box.focus();
    if (box.selectionStart === null) return; // jsdom tells nothing of a box for numbers: see the browser's tests
    box.setSelectionRange(first.length - 3, first.length - 1, "backward");
    await set("value", sample.after);
    expect(box.value).toBe(second);
    const { selectionStart, selectionEnd, selectionDirection } = box;
    expect([selectionStart, selectionEnd]).toEqual([second.length - 3, second.length - 1]);
    expect(selectionDirection).toBe("backward");
  });

  // TR-31
  test.each([{ isComposing: true }, { keyCode: 229 }])("a key of a composition submits nothing: %o", async (how) => {
    const { box, reports, fire } = draw(type, front, sample);
    box.focus();
    const said = reports.length;
    for (const key of ["Enter", "Tab", "Escape", "ArrowDown"]) {
      const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...how });
      await fire(box, event);
      expect(event.defaultPrevented).toBe(false);
    }
    expect(reports.slice(said)).toEqual([]);
    expect(box.value).toBe(first);
  });

  // TR-30
  test.runIf(sample.unfinished)("what is no value yet stays while one types, and gives way after", async () => {
    const { box, set } = draw(type, front, sample);
    box.focus();
    await act(() => {
      box.value = sample.unfinished!;
      box.dispatchEvent(new InputEvent("input", { bubbles: true }));
    });
    await set("value", sample.after);
    expect(box.value).toBe(sample.unfinished);
    box.blur();
    await later();
    expect(box.value).toBe(second);
  });
});

// TR-31
test("what is typed while a composition ends is newer than what waited", async () => {
  const text = signal("h");
  const set = (next: string) => {
    text.value = next;
  };
  const Field = () => {
    const draft = useDraft<HTMLInputElement>(text.value);
    return <input ref={draft.ref} onInput={(event) => set(event.currentTarget.value)} />;
  };
  const el = document.body.appendChild(document.createElement("div"));
  await act(() => render(<Field />, el));
  const box = el.querySelector("input")!;
  box.focus();
  box.dispatchEvent(new CompositionEvent("compositionstart"));
  await act(() => set("H"));
  expect(box.value).toBe("h");
  box.dispatchEvent(new CompositionEvent("compositionend"));
  await act(() => {
    box.value = "hé"; // Safari tells of it afterwards
    box.dispatchEvent(new InputEvent("input", { bubbles: true }));
  });
  await later();
  expect([box.value, text.value]).toEqual(["hé", "hé"]);
});

// TR-30
test("what one drags stays under the hand", async () => {
  const text = signal("1");
  const set = (next: string) => {
    text.value = next;
  };
  let draft!: ReturnType<typeof useDraft<HTMLInputElement>>;
  const Field = () => {
    draft = useDraft<HTMLInputElement>(text.value);
    return <input ref={draft.ref} />;
  };
  const el = document.body.appendChild(document.createElement("div"));
  await act(() => render(<Field />, el));
  draft.hold();
  await act(() => set("2"));
  expect(draft.box.current!.value).toBe("1");
  draft.letGo();
  expect(draft.box.current!.value).toBe("2");
});

test.each([
  ["hello", "HELLO", 5, 5],
  ["hello", "HELLO", 2, 2],
  ["a|b", "a--|b", 2, 4],
  ["one two", "two", 4, 0],
  ["one two", "two", 6, 2],
  ["abc", "abc!", 3, 3],
  ["abc", "", 2, 0],
])("a caret in %o, which becomes %o: from %i to %i", (before, after, from, to) => {
  const change = difference(before, after)!;
  expect(before.slice(0, change.from) + change.insert + before.slice(change.to)).toBe(after);
  expect(moved(from, change)).toBe(to);
});

test("a box without the focus does not take it", () => {
  const box = document.body.appendChild(document.createElement("input"));
  box.value = "a";
  write(box, "b");
  expect([box.value, document.activeElement]).toEqual(["b", document.body]);
});
