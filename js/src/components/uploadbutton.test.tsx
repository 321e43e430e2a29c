import { type Signal, signal } from "@preact/signals";
import { expect, test, vi } from "vitest";
import type { FileRecord } from "../runtime/wire";
import { mount, settle } from "../testing";
import UploadButton from "./uploadbutton";

const file = (name: string, type = "text/plain", size = 1) => new File(["x".repeat(size)], name, { type });

interface Sent {
  name: string;
  relative: string;
  progress: Signal<number>;
  done(): Promise<void>;
  fail(message: string): Promise<void>;
}

/** A button; its uploads end at once, or, if `held`, when the test says so. */
function uploading(given = {}, held = false) {
  const sent: Sent[] = [];
  const notes: { title: string; message: string }[] = [];
  const upload = (_: File, { name, relative }: { name: string; relative: string }) => {
    const progress = signal(0);
    let cancel = () => {};
    const result = new Promise<FileRecord>((resolve, reject) => {
      const record = { path: `/cache/${name}`, orig_name: name } as FileRecord;
      if (!held) resolve(record);
      cancel = () => reject(new DOMException("cancelled", "AbortError"));
      const then = async (act: () => void) => {
        act();
        await settle();
      };
      const done = () => then(() => resolve(record));
      sent.push({ name, relative, progress, done, fail: (message) => then(() => reject(new Error(message))) });
    });
    return { result, progress, cancel: vi.fn(cancel) };
  };
  const toast = (one: { title: string; message: string }) => notes.push(one);
  const shown = mount("uploadbutton", UploadButton as never, given, { upload, toast } as never);
  const pick = async (...files: File[]) => {
    const input = shown.find<HTMLInputElement>("input");
    Object.defineProperty(input, "files", { configurable: true, value: files });
    await shown.fire(input, new Event("change", { bubbles: true }));
    await settle();
  };
  const names = () => sent.map((one) => one.name);
  return { ...shown, pick, sent, names, notes, main: () => shown.find<HTMLButtonElement>(".nbb-press") };
}

/** A drag event with these files, and folders if `entries` are given. */
function drag(type: string, files: File[], entries: object[] = []) {
  const items = entries.map((entry) => ({ webkitGetAsEntry: () => entry }));
  const event = new Event(type, { bubbles: true, cancelable: true });
  return Object.assign(event, { dataTransfer: { types: ["Files"], files, items, dropEffect: "none" } });
}

test("pressing reports a click, then the chooser opens", async () => {
  const shown = uploading(); // CP-43
  const order: string[] = [];
  vi.spyOn(shown.find<HTMLInputElement>("input"), "click").mockImplementation(() => {
    order.push(...shown.events(), "chooser");
  });
  await shown.click(".nbb-press");
  expect(order).toEqual(["click", "chooser"]);
});

test("cancelling the chooser reports nothing more", async () => {
  const shown = uploading(); // CP-43
  await shown.click(".nbb-press");
  await shown.pick();
  await shown.fire("input", new Event("cancel", { bubbles: true }));
  expect(shown.events()).toEqual(["click"]);
  expect(shown.sent).toEqual([]);
});

test("a button that is not interactive can not be pressed, nor files dropped on it", async () => {
  const shown = uploading({ interactive: false }); // CP-29
  expect(shown.main().disabled).toBe(true);
  expect(shown.find<HTMLInputElement>("input").disabled).toBe(true);
  const over = drag("dragover", [file("a.txt")]);
  await shown.fire(".nbb-carrier", over);
  expect(over.defaultPrevented && over.dataTransfer.dropEffect).toBe("none"); // the browser must not leave for it
  await shown.fire(".nbb-carrier", drag("drop", [file("a.txt")]));
  await settle();
  expect(shown.sent).toEqual([]);
  expect(shown.reports).toEqual([]);
});

test("one file is its record", async () => {
  const shown = uploading(); // CP-44
  await shown.pick(file("a.txt"));
  expect(shown.reports).toEqual([{ event: "upload", value: { path: "/cache/a.txt", orig_name: "a.txt" } }]);
});

test("several files are one event, even if it is only one file", async () => {
  const shown = uploading({ file_count: "multiple" }); // CP-44
  await shown.pick(file("a.txt"));
  await shown.pick(file("a.txt"), file("b.txt"));
  expect(shown.reports.map((one) => one.value)).toEqual([
    [{ path: "/cache/a.txt", orig_name: "a.txt" }],
    [
      { path: "/cache/a.txt", orig_name: "a.txt" },
      { path: "/cache/b.txt", orig_name: "b.txt" },
    ],
  ]);
});

test("the same files again are uploaded again", async () => {
  const shown = uploading(); // CP-43
  await shown.pick(file("a.txt"));
  expect(shown.find<HTMLInputElement>("input").value).toBe("");
  await shown.pick(file("a.txt"));
  expect(shown.events()).toEqual(["upload", "upload"]);
});

test("the event comes after the last file has arrived", async () => {
  const shown = uploading({ file_count: "multiple" }, true); // CP-43
  await shown.pick(file("a.txt"), file("b.txt"));
  await shown.sent[1]!.done();
  expect(shown.reports).toEqual([]);
  await shown.sent[0]!.done();
  expect(shown.reports.map((one) => one.event)).toEqual(["upload"]);
  const names = (shown.reports[0]!.value as FileRecord[]).map((one) => one.orig_name);
  expect(names).toEqual(["a.txt", "b.txt"]); // in the order of the choice
});

test("a folder's files keep their way below it", async () => {
  const shown = uploading({ file_count: "directory", file_types: null });
  expect(shown.find("input").hasAttribute("webkitdirectory")).toBe(true); // CP-34
  const below = (webkitRelativePath: string) =>
    Object.defineProperty(file(webkitRelativePath.split("/").at(-1)!), "webkitRelativePath", {
      value: webkitRelativePath,
    });
  await shown.pick(below("trip/day 2/b.txt"), below("trip/day 1/a.txt"));
  expect(shown.sent[0]).toMatchObject({ name: "a.txt", relative: "trip/day 1/a.txt" });
  expect(shown.reports[0]?.value).toEqual([
    { path: "/cache/a.txt", orig_name: "trip/day 1/a.txt" }, // CP-40
    { path: "/cache/b.txt", orig_name: "trip/day 2/b.txt" },
  ]);
});

test("a dropped folder is walked to its end, though its reader gives a hundred entries at a time", async () => {
  const shown = uploading({ file_count: "directory" });
  const leaf = (way: string) => ({
    isFile: true,
    name: way.split("/").at(-1)!,
    fullPath: way,
    file: (give: (one: File) => void) => give(file(way.split("/").at(-1)!)),
  });
  const folder = (way: string, inside: object[]) => ({
    isDirectory: true,
    name: way.split("/").at(-1)!,
    fullPath: way,
    createReader: () => {
      const left = [...inside];
      return { readEntries: (give: (some: object[]) => void) => give(left.splice(0, 100)) };
    },
  });
  const many = Array.from({ length: 130 }, (_, at) => leaf(`/trip/day/${String(at).padStart(3, "0")}.txt`));
  const trip = folder("/trip", [folder("/trip/day", many.reverse()), leaf("/trip/a.txt")]);
  await shown.fire(".nbb-carrier", drag("drop", [], [trip]));
  for (let turn = 0; turn < 200 && !shown.reports.length; turn += 1) await settle();
  const names = (shown.reports[0]!.value as FileRecord[]).map((one) => one.orig_name);
  expect(names).toHaveLength(131); // CP-40
  expect(names.slice(0, 3)).toEqual(["trip/a.txt", "trip/day/000.txt", "trip/day/001.txt"]);
});

test("a folder that can not be read is told of", async () => {
  const shown = uploading({ file_count: "directory" });
  const refused = (_: unknown, fail: (error: Error) => void) => fail(new Error("NotReadable"));
  const folder = { isDirectory: true, createReader: () => ({ readEntries: refused }) };
  await shown.fire(".nbb-carrier", drag("drop", [], [folder]));
  await settle();
  expect(shown.notes[0]?.message).toContain("could not be read");
  expect(shown.reports).toEqual([]);
});

test("files of a wrong kind are dropped with a note", async () => {
  const shown = uploading({ file_count: "multiple", file_types: ["image", ".CSV"] }); // CP-42
  expect(shown.find("input").getAttribute("accept")).toBe("image/*,.CSV");
  await shown.pick(file("<a>.txt"), file("b.csv", "text/csv"), file("c.png", "image/png"));
  expect(shown.names()).toEqual(["b.csv", "c.png"]);
  expect(shown.notes).toHaveLength(1);
  expect(shown.notes[0]?.message).toBe("<a>.txt: expected image, .CSV.");
  expect(shown.reports.map((one) => one.event)).toEqual(["upload"]);
  await shown.pick(file("d.txt"));
  expect(shown.events()).toEqual(["upload"]);
});

test.each([
  [["text"], file("a.csv", "application/vnd.ms-excel"), true],
  [["text"], file("a.MD", ""), true],
  [["text"], file("a.bin", ""), false],
  [["audio", "video"], file("a.mp4", "video/mp4"), true],
  [["file"], file("a", ""), true],
  [[".tar.gz"], file("a.TAR.gz", "application/gzip"), true],
  [["application/pdf"], file("a.pdf", "application/pdf"), true],
  [[], file("a", ""), true],
])("of the kinds %j, a file is one or not", async (file_types, one, taken) => {
  const shown = uploading({ file_types }); // CP-42
  await shown.pick(one as File);
  expect(shown.sent).toHaveLength(taken ? 1 : 0);
});

test("a chooser is shown what follows the last dot, too, and nothing where anything goes", () => {
  const accept = (file_types: string[]) => uploading({ file_types }).find("input").getAttribute("accept");
  expect(accept([".tar.gz", ".gz"])).toBe(".tar.gz,.gz"); // CP-42
  expect(accept(["image", "file"])).toBeNull();
});

test("of several dropped files, a button for one takes the first that fits, and says so", async () => {
  const shown = uploading({ file_types: ["image"] });
  const files = [file("a.txt"), file("b.png", "image/png"), file("c.png", "image/png")];
  await shown.fire(".nbb-carrier", drag("drop", files));
  await settle();
  expect(shown.names()).toEqual(["b.png"]);
  expect(shown.notes.map((one) => one.title)).toEqual(["Wrong kind of file", "One file only"]);
});

test("files held over the button mark it", async () => {
  const shown = uploading();
  const over = drag("dragenter", [file("a.txt")]);
  await shown.fire(".nbb-press", over);
  expect(over.defaultPrevented).toBe(true);
  expect(shown.main().classList).toContain("nbb-over");
  await shown.fire(
    ".nbb-carrier",
    Object.assign(new Event("dragleave", { bubbles: true }), { relatedTarget: shown.main() }),
  );
  expect(shown.main().classList).toContain("nbb-over"); // only moved on within
  await shown.fire(".nbb-carrier", Object.assign(new Event("dragleave", { bubbles: true }), { relatedTarget: null }));
  expect(shown.main().classList).not.toContain("nbb-over");
});

test("the button shows how far it has come, weighed by size", async () => {
  const shown = uploading({ file_count: "multiple", label: "Send" }, true); // CP-45
  await shown.pick(file("a.txt", "text/plain", 99 * 1024), file("b.txt", "text/plain", 99 * 1024));
  expect(shown.main().textContent).toBe("Uploading 0\u00a0%");
  expect(shown.main().getAttribute("aria-busy")).toBe("true");
  shown.sent[0]!.progress.value = 0.5;
  await settle();
  expect(shown.main().textContent).toBe("Uploading 25\u00a0%");
  expect(shown.find("[role=progressbar]").getAttribute("aria-valuenow")).toBe("25");
  await shown.click(".nbb-press");
  expect(shown.events()).toEqual([]); // pressing it now does nothing
  await shown.sent[0]!.done();
  expect(shown.main().textContent).toBe("Uploading 50\u00a0%");
  await shown.sent[1]!.done();
  expect(shown.main().textContent).toBe("Send");
});

test.each(["button", "Escape"])("an upload is given up by %s, and the focus stays", async (how) => {
  const shown = uploading({ file_count: "multiple" }, true);
  await shown.pick(file("a.txt"), file("b.txt"));
  const cancel = shown.find<HTMLButtonElement>("[aria-label='Cancel the upload']");
  expect(cancel.tabIndex).toBe(0);
  if (how === "button") {
    cancel.focus();
    await shown.click(cancel);
  } else await shown.key(".nbb-press", how);
  await settle();
  expect(shown.main().getAttribute("aria-busy")).toBe("false");
  expect(document.activeElement).toBe(shown.main());
  await shown.sent[0]!.done();
  expect(shown.reports).toEqual([]);
  expect(shown.notes).toEqual([]); // who cancels knows
});

test("if one file fails, the choice does, and the user is told which", async () => {
  const shown = uploading({ file_count: "multiple" }, true); // CP-13
  await shown.pick(file("a.txt"), file("big.txt", "text/plain", 9));
  expect(shown.names()).toEqual(["big.txt", "a.txt"]); // the largest first: no time is lost if it is too large
  await shown.sent[0]!.fail("'big.txt' is larger than the allowed 5 bytes");
  expect(shown.reports).toEqual([]);
  expect(shown.notes.map((one) => one.message)).toEqual([
    "big.txt could not be uploaded, so none of the 2 files was taken.",
  ]);
  expect(shown.main().getAttribute("aria-busy")).toBe("false");
});

test("a single file that fails is told of by the runtime alone if that names it", async () => {
  const shown = uploading({}, true); // CP-13
  await shown.pick(file("a.txt"));
  await shown.sent[0]!.fail("'a.txt' is larger than the allowed 5 bytes");
  expect(shown.notes).toEqual([]);
  await shown.pick(file("a.txt"));
  await shown.sent[1]!.fail("disk full");
  expect(shown.notes.map((one) => one.message)).toEqual(["a.txt could not be uploaded."]);
  expect(shown.reports).toEqual([]);
});

test("of thousands of files a few are on their way at a time", async () => {
  const shown = uploading({ file_count: "multiple" }, true);
  await shown.pick(...Array.from({ length: 100 }, (_, at) => file(`${at}`)));
  expect(shown.sent).toHaveLength(16);
  await shown.sent[3]!.done();
  expect(shown.sent).toHaveLength(17);
});

test("an upload ends with what has begun it", async () => {
  const shown = uploading({}, true);
  await shown.pick(file("a.txt"));
  await shown.unmount();
  await shown.sent[0]!.done();
  expect(shown.reports).toEqual([]);
});

test("label, variant, size and icon are those of a button", async () => {
  const shown = uploading({ label: "Send it", variant: "primary", size: "sm", icon: "https://example.org/i.png" });
  expect(shown.main().textContent).toBe("Send it"); // CP-20
  expect([...shown.main().classList]).toEqual(["nbb-press", "nbb-primary", "nbb-sm"]); // CP-23 CP-25
  expect(shown.find("img").getAttribute("src")).toBe("https://example.org/i.png"); // CP-26
  await shown.set("size", null);
  await shown.set("variant", "unknown");
  expect([...shown.main().classList]).toEqual(["nbb-press", "nbb-secondary", "nbb-lg"]); // CP-25
});
