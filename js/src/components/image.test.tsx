import { signal } from "@preact/signals";
import { expect, test, vi } from "vitest";
import { mount, settle } from "../testing";
import Image from "./image";

const bytes = () => ({
  path: "/cache/a.png",
  url: null,
  data: new DataView(new ArrayBuffer(4)),
  mime_type: "image/png",
});
const image = (given = {}, app = {}) => mount("image", Image as never, given, app as never);
const shownIn = (shown: ReturnType<typeof image>) => shown.find(".nbb-shown").getAttribute("src");

test("bytes are shown, and let go of when others come", () => {
  const freed = vi.spyOn(URL, "revokeObjectURL");
  const shown = image({ value: bytes() });
  const first = shownIn(shown);
  expect(first).toMatch(/^blob:/);
  shown.set("value", bytes());
  expect(shownIn(shown)).not.toBe(first);
  expect(freed).toHaveBeenCalledWith(first);
});

test("an address is shown only if it can do no harm", () => {
  expect(shownIn(image({ value: { path: "x", url: "https://example.org/a.png" } }))).toBe("https://example.org/a.png");
  expect(image({ value: { path: "x", url: "javascript:alert(1)" } }).all(".nbb-shown")).toEqual([]);
});

test("a chosen file is shown at once, and is the value when it has arrived", async () => {
  let arrived = (_: unknown) => {};
  const result = new Promise((resolve) => {
    arrived = resolve;
  });
  const shown = image({}, { upload: () => ({ result, progress: signal(0.5), cancel() {} }) });
  const input = shown.find<HTMLInputElement>('input[type="file"]');
  Object.defineProperty(input, "files", { value: [new File(["x"], "a.png", { type: "image/png" })] });
  await shown.fire(input, new Event("change", { bubbles: true }));
  expect(shown.find(".nbb-shown-early").getAttribute("src")).toMatch(/^blob:/);
  expect(shown.find('[role="progressbar"]').getAttribute("aria-valuenow")).toBe("50");
  expect(shown.events()).toEqual([]);
  const record = { path: "/cache/a.png", url: null };
  arrived(record);
  await settle();
  expect(shown.reports).toEqual([
    { event: "input", value: record },
    { event: "upload", value: record },
  ]);
  expect(shownIn(shown)).toMatch(/^blob:/);
});

test("there is a second picture only while it fills the screen", () => {
  const shown = image({ value: bytes() });
  expect(shown.all("img").length).toBe(1);
  shown.click('[aria-label="Full screen"]');
  expect(shown.find<HTMLDialogElement>("dialog").open).toBe(true);
  expect(shown.all("dialog img").length).toBe(1);
  shown.click('[aria-label="Leave full screen"]');
  expect(shown.all("dialog")).toEqual([]);
});

test("clearing empties it", () => {
  const shown = image({ value: bytes() });
  shown.click('[aria-label="Clear"]');
  expect(shown.reports).toEqual([
    { event: "input", value: null },
    { event: "clear", value: null },
  ]);
  expect(shown.all(".nbb-zone").length).toBe(1);
});

test("one that is only looked at has no way in", () => {
  const shown = image({ interactive: false });
  expect(shown.all("input, button")).toEqual([]);
  expect(shown.find('[role="img"]').getAttribute("aria-label")).toBe("No image");
});
