// @vitest-environment jsdom
// happy-dom does not parse as browsers do, which the sanitiser relies on.
import { expect, test, vi } from "vitest";
import { define } from "./define";
import { settle, show } from "./support";

// TR-4
test("what a block says in a toast is text, as it is written", async () => {
  const text = "<b>x</b> & <class 'str'> &amp; a<b & c>d";
  const { el } = await show(
    { blocks: define(({ app }) => <button type="button" class="tell" onClick={() => app.toast({ message: text })} />) },
    { tree: [1, "blocks", []] },
  );
  el.querySelector<HTMLButtonElement>(".tell")!.click();
  await settle();
  expect(el.querySelector(".nbb-toast-text > div")!.textContent).toBe(text);
});

test("markup in a toast can be simple, and cannot run script (EV-295)", async () => {
  const { el, model } = await show({ blocks: define(() => null) }, { tree: [1, "blocks", []] });
  model.message({
    type: "toast",
    level: "info",
    title: "Info",
    message: '<b>bold</b><img src=x onerror="alert(1)"><script>alert(2)</script>',
    duration: null,
    listener: null,
  });
  await settle();
  const card = el.querySelector(".nbb-toast")!;
  expect(card.querySelector("b")?.textContent).toBe("bold");
  expect(card.innerHTML).not.toContain("onerror");
  expect(card.querySelector("script")).toBeNull();
});

async function three() {
  const field = define(() => <input class="field" />);
  const { el, model } = await show(
    { blocks: define(({ children }) => children), field },
    { tree: [1, "blocks", [[2, "field", []]]] },
  );
  for (const message of ["one", "two", "three"]) {
    model.message({ type: "toast", level: "info", title: "Info", message, duration: 2, listener: null });
  }
  await settle();
  const texts = () => Array.from(el.querySelectorAll(".nbb-toast-text > div"), (one) => one.textContent);
  const closes = () => Array.from(el.querySelectorAll<HTMLButtonElement>(".nbb-toast-close"));
  return { el, texts, closes };
}

// TR-53
test("a toast waits while it has the focus, or the pointer is on it", async () => {
  vi.useFakeTimers();
  const { el, texts, closes } = await three();
  closes()[0]!.focus();
  el.querySelectorAll(".nbb-toast")[1]!.dispatchEvent(new Event("pointerenter"));
  await settle(10_000);
  expect(texts()).toEqual(["one", "two"]);
  closes()[0]!.blur();
  el.querySelectorAll(".nbb-toast")[1]!.dispatchEvent(new Event("pointerleave"));
  await settle(1_000);
  expect(texts()).toEqual(["one", "two"]);
  await settle(2_000);
  expect(texts()).toEqual([]);
  vi.useRealTimers();
});

// TR-53
test("toasts close by the keyboard, which goes on with the next and then where it was", async () => {
  const { el, texts, closes } = await three();
  const field = el.querySelector<HTMLInputElement>(".field")!;
  const pressEscape = async () => {
    const event = new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true });
    document.activeElement!.dispatchEvent(event);
    await settle();
    return event.defaultPrevented;
  };
  field.focus();
  closes()[1]!.focus();
  expect(await pressEscape()).toBe(true);
  expect(texts()).toEqual(["one", "three"]);
  expect(document.activeElement).toBe(closes()[1]);
  closes()[1]!.click();
  await settle();
  expect(document.activeElement).toBe(closes()[0]);
  await pressEscape();
  expect(texts()).toEqual([]);
  expect(document.activeElement).toBe(field);
});
