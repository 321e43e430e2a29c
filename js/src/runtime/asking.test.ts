import { expect, test } from "vitest";
import { Asking } from "./asking";
import type { Transport } from "./transport";
import type { KernelMessage } from "./wire";

function stage() {
  const said: Record<string, unknown>[] = [];
  const transport = {
    flush: () => said.push({ type: "flush" }),
    send: (message: Record<string, unknown>) => said.push(message),
  } as unknown as Transport;
  const abort = new AbortController();
  const asking = new Asking(transport, abort.signal);
  const answer = (content: object, buffers: DataView[] = []) =>
    asking.take({ type: "answer", view: "v", ...content } as KernelMessage, buffers);
  return { said, asking, abort, answer };
}

test("a question goes after the values that were changed before it, and is answered", async () => {
  const { said, asking, answer } = stage();
  const asked = asking.ask(7, { rows: [0, 10] });
  expect(said[0]).toEqual({ type: "flush" });
  expect(said[1]).toMatchObject({ type: "ask", node: 7, content: { rows: [0, 10] } });
  expect(answer({ ask: said[1]!.ask, content: { data: [1] } })).toBe(true);
  expect(await asked).toEqual({ data: [1] });
});

test("answers find their questions in any order, and binary parts their places", async () => {
  const { said, asking, answer } = stage();
  const [first, second] = [asking.ask(1, {}), asking.ask(1, {})];
  const bytes = new DataView(new ArrayBuffer(3));
  answer({ ask: said[3]!.ask, content: { parts: [{}] }, buffer_paths: [["content", "parts", 0, "data"]] }, [bytes]);
  answer({ ask: said[1]!.ask, content: "one" });
  expect(await first).toBe("one");
  expect(await second).toEqual({ parts: [{ data: bytes }] });
});

test("what the kernel cannot answer is an error, and so is a view that goes", async () => {
  const { said, asking, abort, answer } = stage();
  const [refused, left] = [asking.ask(1, {}), asking.ask(1, {})];
  answer({ ask: said[1]!.ask, error: "no such column" });
  await expect(refused).rejects.toThrow("no such column");
  abort.abort();
  await expect(left).rejects.toThrow("the view has gone");
});

test("other messages, and answers to other views, are left alone", () => {
  const { asking, answer } = stage();
  expect(asking.take({ type: "close", note: "" }, [])).toBe(false);
  expect(answer({ ask: "another", content: 1 })).toBe(true);
});
