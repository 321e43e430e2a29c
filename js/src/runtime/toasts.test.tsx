// @vitest-environment jsdom
// happy-dom does not parse as browsers do, which the sanitiser relies on.
import { expect, test } from "vitest";
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
