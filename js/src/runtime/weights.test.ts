import { expect, test, vi } from "vitest";
import { FakeModel } from "./support";
import { Timers } from "./timers";
import { Transport } from "./transport";
import { MAX_VALUE, weightOf } from "./weights";

test("data is weighed as it is written, more or less", () => {
  const values = ["text", 5, null, [1, 2, 3], { key: "value", more: [true, { deep: "x".repeat(1000) }] }];
  for (const value of values) {
    const written = JSON.stringify(value).length;
    expect(weightOf(value)).toBeGreaterThan(written / 2);
    expect(weightOf(value)).toBeLessThan(written * 2 + 20);
  }
  expect(weightOf(new DataView(new ArrayBuffer(5000)))).toBe(5000);
});

test("a value that would break the connection is left out, with a word", () => {
  const model = new FakeModel();
  const refused = vi.fn();
  const transport = new Transport(model, new Timers(new AbortController().signal), () => {}, refused);
  transport.edited(1, "short");
  transport.edited(2, "ä".repeat(MAX_VALUE / 2 + 1));
  transport.event(3, "click", null);
  expect(model.of("event")).toMatchObject([{ node: 3, values: [[1, "short"]] }]);
  expect(refused).toHaveBeenCalledOnce();
  expect(refused.mock.calls[0]?.[0]).toMatch(/longer than the 8 MB/);
});
