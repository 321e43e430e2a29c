import { expect, test, vi } from "vitest";
import { Recent } from "./recent";

// TR-51
test("what is used again is kept, of the rest the last ones", () => {
  const recent = new Recent<number>(100);
  const make = vi.fn(() => 1);
  for (let i = 0; i < 10_000; i += 1) {
    recent.get("always", make);
    recent.get(`once ${i}`, () => i);
  }
  expect(make).toHaveBeenCalledTimes(1);
  expect(recent.size).toBe(100);
  expect(recent.get("once 9999", () => -1)).toBe(9999);
  expect(recent.get("once 0", () => -1)).toBe(-1);
});

// TR-51
test("what could not be made is made anew", () => {
  const recent = new Recent<number>();
  const fail = () => {
    throw new Error("no");
  };
  expect(() => recent.get("a", fail)).toThrow("no");
  expect(recent.get("a", () => 1)).toBe(1);
});
