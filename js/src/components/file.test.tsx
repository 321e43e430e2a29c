import { signal } from "@preact/signals";
import { expect, test, vi } from "vitest";
import type { FileRecord } from "../runtime/wire";
import { mount, settle } from "../testing";
import FileFront from "./file";

const record = (name: string, size: number | null = 2048) =>
  ({ path: `/cache/${name}`, orig_name: name, size }) as FileRecord;
const [a, b, c] = [record("a.txt"), record("b.tar.gz", 5 * 1024 * 1024), record("trip/day 1/c.jpg")];
const file = (name: string, type = "text/plain") => new File(["x"], name, { type });

/** The component; its transfers end at once, or, if `held`, when the test says so. */
function files(given: Record<string, unknown> = {}, { held = false, listens = [] as string[], live = true } = {}) {
  const ends: { finish(): Promise<void>; fail(): Promise<void> }[] = [];
  const progress = signal(0);
  const moving = <T,>(value: T) => {
    let resolve: (value: T) => void = () => {};
    let reject: (error: Error) => void = () => {};
    const result = new Promise<T>((...settle) => {
      [resolve, reject] = settle;
    });
    if (!held) resolve(value);
    const then = async (act: () => void) => {
      act();
      await settle();
    };
    const abort = () => reject(new DOMException("cancelled", "AbortError"));
    ends.push({ finish: () => then(() => resolve(value)), fail: () => then(abort) });
    return { result, progress, cancel: vi.fn(abort) };
  };
  const upload = vi.fn((one: File) => moving(record(one.name, one.size)));
  const download = vi.fn((_: string, __: object) => moving<void>(undefined));
  const toast = vi.fn();
  const app = { upload, download, toast, live, listens: (event: string) => listens.includes(event) };
  const shown = mount("file", FileFront as never, given, app as never);
  const pick = async (...chosen: File[]) => {
    const input = shown.find<HTMLInputElement>("input");
    Object.defineProperty(input, "files", { configurable: true, value: chosen });
    await shown.fire(input, new Event("change", { bubbles: true }));
    await settle();
  };
  const names = () => shown.all(".nbb-file-row").map((row) => row.querySelector(".nbb-file-name")!.textContent);
  const button = (label: string) => shown.find<HTMLButtonElement>(`button[aria-label^='${label}']`);
  const text = (label: string) => shown.all("button").find((one) => one.textContent === label)!;
  return { ...shown, upload, download, toast, ends, progress, pick, names, button, text };
}

/** A drag, drop or paste event with these files. */
function holding(type: string, held: File[], types = ["Files"]) {
  const given = { types, files: held, items: [], dropEffect: "none" };
  const event = new Event(type, { bubbles: true, cancelable: true });
  return Object.assign(event, type === "paste" ? { clipboardData: given } : { dataTransfer: given });
}

test("the files are listed with names and sizes", () => {
  const shown = files({ value: [a, b, c, record("d", null)] }); // CP-99
  expect(shown.names()).toEqual(["a.txt", "b.tar.gz", "trip/day 1/c.jpg", "d"]);
  expect(shown.all(".nbb-file-save").map((one) => one.textContent)).toEqual(["2.0 KB", "5.0 MB", "2.0 KB", ""]);
});

test("without files there is a place for them, which opens the chooser", async () => {
  const shown = files({ label: "Data", file_types: ["image", ".csv"], height: 200 });
  const opened = vi.spyOn(shown.find<HTMLInputElement>("input"), "click");
  await shown.click(".nbb-files-drop");
  expect(opened).toHaveBeenCalledOnce();
  expect(shown.find(".nbb-files-drop").textContent).toContain("image, .csv");
  expect(shown.find(".nbb-files-drop").style.minHeight).toBe("200px"); // CP-99
  expect(shown.find("[role=group]").getAttribute("aria-labelledby")).toBe(shown.find(".nbb-caption").id);
});

test.each([
  ["single", false, false],
  ["multiple", true, false],
  ["directory", true, true],
])("file_count %s is that of the chooser", (file_count, multiple, folder) => {
  const input = files({ file_count }).find<HTMLInputElement>("input"); // CP-99
  expect([input.multiple, input.hasAttribute("webkitdirectory")]).toEqual([multiple, folder]);
});

test("one file replaces what was there", async () => {
  const shown = files({ value: a });
  await shown.pick(file("n.txt"));
  expect(shown.reports).toEqual([{ event: "upload", value: record("n.txt", 1) }]); // CP-99
});

test("further files are added to those that are there, as one event", async () => {
  const shown = files({ value: [a], file_count: "multiple" });
  await shown.pick(file("n.txt"), file("m.txt"));
  expect(shown.reports).toEqual([{ event: "upload", value: [a, record("n.txt", 1), record("m.txt", 1)] }]);
});

test("files of a wrong kind are dropped with a note", async () => {
  const shown = files({ file_count: "multiple", file_types: ["image"] }); // CP-42 CP-99
  await shown.pick(file("a.txt"), file("b.png", "image/png"));
  expect(shown.toast).toHaveBeenCalledWith(expect.objectContaining({ message: "a.txt: expected image." }));
  expect(shown.reports).toEqual([{ event: "upload", value: [record("b.png", 1)] }]);
});

test.each(["drop", "paste"])("files come in by %s, too", async (how) => {
  const shown = files({ value: [a], file_count: "multiple" });
  const event = holding(how, [file("n.txt")]);
  await shown.fire(".nbb-files", event);
  await settle();
  expect(event.defaultPrevented).toBe(true);
  expect(shown.reports).toEqual([{ event: "upload", value: [a, record("n.txt", 1)] }]);
});

test("text that is pasted is left to others", async () => {
  const shown = files({});
  const event = holding("paste", [], ["text/plain"]);
  await shown.fire(".nbb-files", event);
  expect(event.defaultPrevented).toBe(false);
});

test("it takes the focus, so that files can be pasted", () => {
  const shown = files({ value: [a] });
  shown.find(".nbb-files").focus();
  expect(document.activeElement).toBe(shown.find(".nbb-files"));
});

test("an upload shows how far it is and can be given up; what was there stays", async () => {
  const shown = files({ value: [a], file_count: "multiple" }, { held: true });
  await shown.pick(file("n.txt"));
  shown.progress.value = 0.42;
  await settle();
  expect(shown.find("[role=progressbar]").getAttribute("aria-valuenow")).toBe("42");
  expect(shown.find(".nbb-files-going").textContent).toContain("Uploading 42 %");
  expect(shown.names()).toEqual(["a.txt"]);
  await shown.fire(".nbb-files", holding("drop", [file("m.txt")])); // one choice at a time
  await settle();
  expect(shown.upload).toHaveBeenCalledOnce();
  await shown.click("[aria-label='Cancel the upload']");
  await settle();
  expect(shown.all("[role=progressbar]")).toEqual([]);
  expect(shown.reports).toEqual([]);
  expect(document.activeElement).toBe(shown.find(".nbb-files"));
});

test("a press downloads a file, under its own name, and is then reported", async () => {
  const shown = files({ value: [a, c], interactive: false }, { held: true }); // CP-99
  await shown.click(shown.button("Download trip/day 1/c.jpg, 2.0 KB"));
  expect(shown.download).toHaveBeenCalledWith("/cache/trip/day 1/c.jpg", { name: "c.jpg", size: 2048 });
  shown.progress.value = 0.5;
  await settle();
  expect(shown.button("Cancel the download of trip/day 1/c.jpg").textContent).toBe("50 %");
  expect(shown.events()).toEqual([]);
  await shown.ends[0]!.finish();
  expect(shown.reports).toEqual([{ event: "download", data: { file: c } }]);
});

test("a download that is given up is not reported", async () => {
  const shown = files({ value: a }, { held: true });
  await shown.click(shown.button("Download a.txt"));
  await shown.click(shown.button("Cancel the download of a.txt"));
  await settle();
  expect(shown.events()).toEqual([]);
  expect(shown.button("Download a.txt").textContent).toBe("2.0 KB");
});

test("one of several files can be removed; the event names it", async () => {
  const shown = files({ value: [a, b], file_count: "multiple" }); // CP-99
  await shown.click(shown.button("Remove b.tar.gz"));
  expect(shown.reports).toEqual([{ event: "delete", value: [a], data: { file: b } }]);
  expect(shown.names()).toEqual(["a.txt"]);
  expect(shown.all("[aria-label^=Remove]")).toEqual([]); // the last one goes by clearing
});

test("clearing empties it", async () => {
  const shown = files({ value: [a, b] }); // CP-99
  await shown.click(shown.text("Clear"));
  expect(shown.reports).toEqual([{ event: "clear", value: null }]);
  expect(shown.all(".nbb-files-drop")).toHaveLength(1);
});

test("selecting a file tells its place and name", async () => {
  const shown = files({ value: [a, c], interactive: false }, { listens: ["select"] }); // CP-99
  await shown.click(shown.all("button.nbb-file-name")[1]!);
  expect(shown.reports).toEqual([{ event: "select", data: { index: 1, value: "trip/day 1/c.jpg" } }]);
  expect(files({ value: [a] }).all("button.nbb-file-name")).toEqual([]); // nothing to press where nobody listens
});

test("if it is not interactive, it only shows the list", async () => {
  const shown = files({ value: [a, b], interactive: false, allow_reordering: true }); // CP-99
  expect(shown.all("button").map((one) => one.getAttribute("aria-label"))).toEqual([
    "Download a.txt, 2.0 KB",
    "Download b.tar.gz, 5.0 MB",
  ]);
  expect(shown.all("input")).toEqual([]);
  await shown.fire(".nbb-files", holding("drop", [file("n.txt")]));
  await shown.fire(".nbb-files", holding("paste", [file("n.txt")]));
  await settle();
  expect(shown.upload).not.toHaveBeenCalled();
  await shown.set("value", null);
  expect(shown.find(".nbb-files").textContent).toBe("No file");
});

test("without a kernel nothing can be downloaded", () => {
  const shown = files({ value: [a], interactive: false }, { live: false });
  expect(shown.all("button")).toEqual([]);
  expect(shown.find(".nbb-file-row").textContent).toBe("a.txt2.0 KB");
});

test("files are put in order by keys", async () => {
  const shown = files({ value: [a, b, c], allow_reordering: true }); // CP-99
  shown.button("Move a.txt").focus();
  await shown.key("[aria-label^='Move a.txt']", "ArrowDown");
  expect(shown.reports).toEqual([{ event: "change", value: [b, a, c] }]);
  expect(document.activeElement).toBe(shown.button("Move a.txt"));
  expect(shown.find("[role=status]").textContent).toBe("a.txt: 2 of 3");
  await shown.key("[aria-label^='Move b.tar.gz']", "ArrowUp"); // it is the first
  expect(shown.reports).toHaveLength(1);
});

test("files are put in order by dragging", async () => {
  const shown = files({ value: [a, b, c], allow_reordering: true }); // CP-99
  const [first, , third] = shown.all(".nbb-file-row");
  const transfer = { types: ["application/x-nbblocks-row"], setData: vi.fn(), effectAllowed: "none" };
  const fire = (row: Element, type: string, clientY = 1) => {
    const event = new Event(type, { bubbles: true, cancelable: true });
    return shown.fire(row, Object.assign(event, { dataTransfer: transfer, clientY }));
  };
  await fire(first!, "dragstart");
  await fire(third!, "dragover");
  expect([...third!.classList]).toContain("nbb-after");
  await fire(third!, "drop");
  await fire(first!, "dragend");
  expect(shown.reports).toEqual([{ event: "change", value: [b, c, a] }]);
  expect(shown.all(".nbb-held, .nbb-before, .nbb-after")).toEqual([]);
  expect(shown.upload).not.toHaveBeenCalled();
});

test("there is nothing to put in order unless it is asked for, or with one file", () => {
  expect(files({ value: [a, b] }).all(".nbb-file-grip")).toEqual([]);
  expect(files({ value: [a], allow_reordering: true }).all(".nbb-file-grip")).toEqual([]);
});

test("of thousands of files the first are drawn, and more on demand", async () => {
  const shown = files({ value: Array.from({ length: 450 }, (_, at) => record(`${at}`)), height: "10em" });
  expect(shown.names()).toHaveLength(200);
  expect(shown.find(".nbb-files-list").style.maxHeight).toBe("10em");
  await shown.click(shown.text("Show 200 more of 450"));
  await shown.click(shown.text("Show 50 more of 450"));
  expect(shown.names()).toHaveLength(450);
});

test("the same file twice is two rows", async () => {
  const shown = files({ value: [a, a] });
  await shown.click(shown.all("[aria-label='Remove a.txt']")[1]!);
  expect(shown.reports).toEqual([{ event: "delete", value: [a], data: { file: a } }]);
});
