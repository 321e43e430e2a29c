import { signal } from "@preact/signals";
import { expect, test, vi } from "vitest";
import { mount, settle } from "../testing";
import UploadButton from "./uploadbutton";

const file = (name: string, type = "text/plain") => new File(["x"], name, { type });

function uploading(given = {}) {
  const sent: string[] = [];
  const notes: string[] = [];
  const upload = (one: File) => {
    sent.push(one.name);
    return { result: Promise.resolve({ path: `/cache/${one.name}` }), progress: signal(0), cancel: vi.fn() };
  };
  const toast = ({ message }: { message: string }) => notes.push(message);
  const shown = mount("uploadbutton", UploadButton as never, given, { upload, toast } as never);
  const pick = async (...files: File[]) => {
    const input = shown.find<HTMLInputElement>("input");
    Object.defineProperty(input, "files", { configurable: true, value: files });
    await shown.fire(input, new Event("change", { bubbles: true }));
    await settle();
  };
  return { ...shown, pick, sent, notes };
}

test("pressing reports a click and opens the chooser", () => {
  const shown = uploading();
  const opened = vi.spyOn(shown.find<HTMLInputElement>("input"), "click");
  shown.click("button");
  expect(shown.events()).toEqual(["click"]);
  expect(opened).toHaveBeenCalledOnce();
});

test("one file is its record", async () => {
  const shown = uploading();
  await shown.pick(file("a.txt"));
  expect(shown.reports).toEqual([{ event: "upload", value: { path: "/cache/a.txt" } }]);
});

test("several files are one event, even if it is only one file", async () => {
  const shown = uploading({ file_count: "multiple" });
  await shown.pick(file("a.txt"));
  await shown.pick(file("a.txt"), file("b.txt"));
  expect(shown.reports.map((one) => one.value)).toEqual([
    [{ path: "/cache/a.txt" }],
    [{ path: "/cache/a.txt" }, { path: "/cache/b.txt" }],
  ]);
});

test("files of a wrong kind are dropped with a note", async () => {
  const shown = uploading({ file_count: "multiple", file_types: ["image", ".CSV"] });
  expect(shown.find("input").getAttribute("accept")).toBe("image/*,.CSV");
  await shown.pick(file("a.txt"), file("b.csv", "text/csv"), file("c.png", "image/png"));
  expect(shown.sent).toEqual(["b.csv", "c.png"]);
  expect(shown.notes[0]).toContain("a.txt");
});
