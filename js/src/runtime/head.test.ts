import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { addHead, PATIENCE } from "./head";

let page: Document;
/** What was added; nothing is loaded here. */
let added: Element[];

beforeEach(() => {
  vi.useFakeTimers();
  page = document.implementation.createHTMLDocument();
  added = [];
  vi.spyOn(page.head, "append").mockImplementation((...nodes) => void added.push(...(nodes as Element[])));
});
afterEach(() => void vi.useRealTimers());

/** What happens to the script that was added last. */
async function happens(type: string) {
  added.at(-1)!.dispatchEvent(new Event(type));
  await vi.advanceTimersByTimeAsync(0);
}

/** Add it, and tell how that stands after a while. */
async function adding(html: string, ms = 0) {
  let state = "waiting";
  addHead(html, page.body).then(
    () => (state = "done"),
    (error: Error) => (state = error.message),
  );
  await vi.advanceTimersByTimeAsync(ms);
  return () => state;
}

test("styles, links and metadata go in once, titles and rules of the page never", async () => {
  const html =
    '<link rel="icon"><meta name="a"><style>b {}</style><title>c</title><base href="/d"><meta http-equiv="e">';
  for (let i = 0; i < 2; i++) expect((await adding(html))()).toBe("done");
  expect(added.map((one) => one.outerHTML)).toEqual(['<link rel="icon">', '<meta name="a">', "<style>b {}</style>"]);
});

test("what stands after a script waits for it", async () => {
  const state = await adding('<script src="/a.js"></script><meta name="b">');
  expect([state(), added.length]).toEqual(["waiting", 1]);
  await happens("load");
  expect(state()).toBe("done");
  expect(added.map((one) => one.localName)).toEqual(["script", "meta"]);
});

test("a second view waits for the same script", async () => {
  const states = [await adding('<script src="/a.js"></script>'), await adding('<script src="/a.js"></script>')];
  expect(added).toHaveLength(1);
  await happens("load");
  expect(states.map((state) => state())).toEqual(["done", "done"]);
});

test("a script that fails is told, and tried again by the next view", async () => {
  for (let i = 0; i < 2; i++) {
    const state = await adding('<script src="/a.js"></script>');
    await happens("error");
    expect(state()).toContain("/a.js could not be loaded");
  }
  expect(added).toHaveLength(2);
});

test("what stands after a script that fails goes in all the same", async () => {
  const state = await adding('<script src="/a.js"></script><meta name="b">');
  await happens("error");
  expect(state()).toContain("/a.js could not be loaded");
  expect(added.map((one) => one.localName)).toEqual(["script", "meta"]);
});

test("a script that does not come holds nothing up for ever", async () => {
  const state = await adding('<script src="/a.js"></script>', PATIENCE);
  expect(state()).toContain("/a.js has not come yet");
});

test("a script that the page forbids is told", async () => {
  const told = addHead("<script>1</script>", page.body).catch((error: Error) => error.message);
  await happens("securitypolicyviolation");
  expect(await told).toContain("does not allow the script");
});

test.each(['type="text/template"', "nomodule", "async", 'type="importmap"'])(
  "nobody waits for scripts with %s",
  async (how) => {
    expect((await adding(`<script ${how} src="/a.js"></script>`))()).toBe("done");
  },
);
