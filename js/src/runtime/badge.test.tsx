// @vitest-environment jsdom
import { expect, test } from "vitest";
import { define } from "./define";
import { listener, settle, show } from "./support";

const registry = { blocks: define(({ children }) => children), textbox: define(() => <input />) };

async function failed(message: string | null) {
  const one = listener([[2, "submit"]], { outputs: [2] });
  const shown = await show(registry, { tree: [1, "blocks", [[2, "textbox", []]]], listeners: [one] });
  shown.model.update({ [`run.${one.id}`]: { stage: "error", run: 1, message, title: "Error" } });
  await settle();
  const find = <E extends HTMLElement>(selector: string) => shown.el.querySelector<E>(selector);
  return { ...shown, find, word: find<HTMLButtonElement>(".nbb-badge-word") };
}

const press = async (el: Element, key: string) => {
  el.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  await settle();
};

// TR-53
test("the message of an error unfolds by its button, and is its description", async () => {
  const { el, find, word } = await failed("it was &lt;class 'str'&gt; <b>here</b>");
  const described = el.querySelector(`[id="${word!.getAttribute("aria-describedby")}"]`);
  expect(described?.textContent).toBe("it was <class 'str'> here");
  expect(word!.title).toBe("it was <class 'str'> here");
  expect(word!.getAttribute("aria-expanded")).toBe("false");
  expect(find(".nbb-badge")!.textContent).toBe("Error");
  word!.focus();
  word!.click();
  await settle();
  const message = find(".nbb-badge-message")!;
  expect(word!.getAttribute("aria-expanded")).toBe("true");
  expect(word!.getAttribute("aria-controls")).toBe(message.id);
  expect(message.querySelector("b")?.textContent).toBe("here");
  expect(message.textContent).toContain("<class 'str'>");
  message.focus(); // to scroll it
  await press(message, "Escape");
  expect(find(".nbb-badge-message")).toBeNull();
  expect(document.activeElement).toBe(word);
  word!.click();
  await settle();
  word!.click();
  await settle();
  expect(find(".nbb-badge-message")).toBeNull();
});

// TR-53
test("the message folds when one presses elsewhere, and the host hears no Escape of it", async () => {
  const { find, word } = await failed("no");
  word!.click();
  await settle();
  find(".nbb-badge-message")!.dispatchEvent(new Event("pointerdown", { bubbles: true, composed: true }));
  await settle();
  expect(find(".nbb-badge-message")).not.toBeNull();
  const heard: string[] = [];
  const hear = (event: KeyboardEvent) => heard.push(event.key);
  document.addEventListener("keydown", hear);
  await press(word!, "Escape");
  await press(word!, "Escape");
  document.removeEventListener("keydown", hear);
  expect(heard).toEqual(["Escape"]); // the second, which was for no message
  word!.click();
  await settle();
  document.body.dispatchEvent(new Event("pointerdown", { bubbles: true, composed: true }));
  await settle();
  expect(find(".nbb-badge-message")).toBeNull();
});

// TR-53
test("an error that says nothing has no button for it", async () => {
  const { find, word } = await failed(null);
  expect(word).toBeNull();
  expect(find(".nbb-badge")!.textContent).toBe("Error");
});
