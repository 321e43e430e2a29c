import { signal } from "@preact/signals";
import { afterEach, expect, test, vi } from "vitest";
import { LARGE } from "./sinks";
import { FakeModel, settle } from "./support";
import { Timers } from "./timers";
import { crc32, Transfers } from "./transfers";
import { Transport } from "./transport";
import { ACTIVE, CHUNK, STALL, WINDOW } from "./uploads";
import type { FileRecord, KernelMessage, Offer } from "./wire";

function setUp(offers: Offer[] = []) {
  const model = new FakeModel();
  const abort = new AbortController();
  const failed = vi.fn();
  const timers = new Timers(abort.signal);
  const transfers = new Transfers(new Transport(model, timers), failed, timers, abort.signal, signal(offers));
  const take = (message: KernelMessage, ...buffers: DataView[]) => transfers.take(message, buffers);
  const idOf = (type: string, at = 0) => String(model.of(type)[at]?.[type]);
  return { model, abort, failed, transfers, take, idOf };
}

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Wait for a message: reading a file takes as long as it takes. */
const until = (model: FakeModel, type: string, count = 1) =>
  vi.waitFor(() => expect(model.of(type).length).toBeGreaterThanOrEqual(count), 5000);

const bytes = (length: number) => new Uint8Array(length).map((_, i) => i % 251);
const file = (length: number, name = "a.bin") => new File([bytes(length)], name, { lastModified: 5 });
const view = (from: number, to: number) => new DataView(bytes(to).buffer, from);
const record = { path: "/cache/a.bin" } as FileRecord;
const CHUNKS = WINDOW / CHUNK;

test("a file goes in chunks, and its record comes back", async () => {
  const { model, transfers, take, idOf } = setUp();
  const upload = transfers.upload(7, file(CHUNK + 10));
  await until(model, "upload_end");
  expect(model.of("upload")).toMatchObject([{ node: 7, name: "a.bin", size: CHUNK + 10, modified: 5, seq: 0 }]);
  expect(model.of("chunk").map((one) => one.offset)).toEqual([0, CHUNK]);
  expect(model.of("upload_end")[0]).toMatchObject({ crc: crc32(bytes(CHUNK + 10)) });
  expect(model.buffers.flat().map((one) => one.byteLength)).toEqual([CHUNK, 10]);
  take({ type: "upload_ack", upload: idOf("upload"), received: CHUNK });
  expect(upload.progress.value).toBeCloseTo(CHUNK / (CHUNK + 10));
  take({ type: "upload_done", upload: idOf("upload"), file: record });
  expect(await upload.result).toBe(record);
  expect(upload.progress.value).toBe(1);
});

test("the checksum is what everybody takes for CRC-32", () => {
  expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
  expect(crc32(bytes(20).subarray(7), crc32(bytes(7)))).toBe(crc32(bytes(20)));
});

test("a small file goes with its announcement", async () => {
  const { model, transfers } = setUp();
  transfers.upload(7, file(10));
  await until(model, "upload");
  expect(model.sent[0]).toMatchObject({ type: "upload", size: 10, crc: crc32(bytes(10)) });
  expect(model.of("chunk")).toEqual([]);
  expect(model.buffers.flat().map((one) => one.byteLength)).toEqual([10]);
});

test("an empty file has no chunks", async () => {
  const { model, transfers } = setUp();
  transfers.upload(7, file(0));
  await until(model, "upload_end");
  expect(model.sent.slice(0, 2).map((one) => one.type)).toEqual(["upload", "upload_end"]);
});

test("at most so many chunks are on their way, and acknowledgements let others go", async () => {
  const { model, transfers, take, idOf } = setUp();
  transfers.upload(7, file(CHUNK * (CHUNKS + 4)));
  await until(model, "chunk", CHUNKS);
  await settle();
  expect(model.of("chunk")).toHaveLength(CHUNKS);
  take({ type: "upload_ack", upload: idOf("upload"), received: CHUNK * 3 });
  await until(model, "chunk", CHUNKS + 3);
  await settle();
  expect(model.of("chunk")).toHaveLength(CHUNKS + 3);
});

test("several files share the window fairly", async () => {
  const { model, transfers, idOf } = setUp();
  transfers.upload(7, file(CHUNK * 12));
  transfers.upload(8, file(CHUNK * 12));
  await until(model, "chunk", CHUNKS);
  await settle();
  const first = model.of("chunk").filter((one) => one.upload === idOf("upload"));
  expect(model.of("chunk")).toHaveLength(CHUNKS);
  expect(Math.abs(first.length - CHUNKS / 2)).toBeLessThanOrEqual(1);
});

test("many files go a few at a time", async () => {
  const { model, transfers, take, idOf } = setUp();
  for (let i = 0; i < ACTIVE + 2; i++) transfers.upload(7, file(10, `${i}.bin`));
  await until(model, "upload", ACTIVE);
  await settle();
  expect(model.of("upload")).toHaveLength(ACTIVE);
  take({ type: "upload_done", upload: idOf("upload"), file: record });
  await until(model, "upload", ACTIVE + 1);
  await settle();
  expect(model.of("upload")).toHaveLength(ACTIVE + 1);
});

test("an upload goes back to where something was lost", async () => {
  const { model, transfers, take, idOf } = setUp();
  transfers.upload(7, file(CHUNK * 2));
  await until(model, "upload_end");
  take({ type: "upload_ack", upload: idOf("upload"), received: CHUNK, again: true });
  await until(model, "upload_end", 2);
  expect(model.of("chunk").map((one) => Number(one.offset) / CHUNK)).toEqual([0, 1, 1]);
  expect(model.of("upload_end")[1]?.crc).toBe(crc32(bytes(CHUNK * 2)));
});

test("a file that was cut off goes on from there", async () => {
  const size = CHUNK * 2;
  const received = CHUNK + 77;
  const offer = { node: 7, name: "a.bin", size, modified: 5, received, crc: crc32(bytes(received)) };
  const { model, transfers } = setUp([offer]);
  const upload = transfers.upload(7, file(size));
  await until(model, "upload_end");
  expect(model.of("upload")).toMatchObject([{ resume: received }]);
  expect(upload.progress.value).toBeCloseTo(received / size);
  expect(model.of("chunk").map((one) => one.offset)).toEqual([received]);
  expect(model.of("upload_end")[0]?.crc).toBe(crc32(bytes(size)));
});

test("a file of the same name that is another begins from the start", async () => {
  const offer = { node: 7, name: "a.bin", size: CHUNK, modified: 5, received: 9, crc: 1 };
  const { model, transfers } = setUp([offer]);
  transfers.upload(7, file(CHUNK));
  await until(model, "upload_end");
  expect(model.of("upload")[0]).not.toHaveProperty("resume");
  expect(model.of("chunk").map((one) => one.offset)).toEqual([0]);
});

test("a silent kernel is asked what has come, and a lost beginning is made again", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "performance"] });
  const { model, transfers, take, idOf, failed } = setUp();
  const upload = transfers.upload(7, file(10));
  await vi.waitFor(() => expect(model.of("upload")).toHaveLength(1));
  await vi.advanceTimersByTimeAsync(STALL * 1.5);
  expect(model.of("upload_ask")).toHaveLength(1);
  for (let i = 0; i < 3; i++) {
    take({ type: "upload_unknown", upload: idOf("upload") });
    await vi.waitFor(() => expect(model.of("upload")).toHaveLength(i + 2));
  }
  take({ type: "upload_unknown", upload: idOf("upload") });
  await expect(upload.result).rejects.toThrow("the kernel knows nothing of it");
  expect(failed).toHaveBeenCalledOnce();
});

test("a cancelled upload tells the kernel and frees the window", async () => {
  const { model, transfers, failed } = setUp();
  const upload = transfers.upload(7, file(CHUNK * 12));
  await settle();
  upload.cancel();
  await expect(upload.result).rejects.toThrow("cancelled");
  expect(model.sent.at(-1)?.type).toBe("upload_cancel");
  expect(failed).not.toHaveBeenCalled();
  transfers.upload(7, file(0));
  await until(model, "upload_end");
});

test("an upload that the kernel refuses is an error that shows", async () => {
  const { model, transfers, take, idOf, failed } = setUp();
  const upload = transfers.upload(7, file(10));
  await until(model, "upload");
  take({ type: "upload_failed", upload: idOf("upload"), message: "too large" });
  await expect(upload.result).rejects.toThrow("too large");
  expect(failed).toHaveBeenCalledWith("Upload failed", "too large");
});

test("a file that is too large is refused before anything is sent", async () => {
  const { model, abort, failed } = setUp();
  const timers = new Timers(abort.signal);
  const transfers = new Transfers(new Transport(model, timers), failed, timers, abort.signal, signal([]), () => 9);
  await expect(transfers.upload(7, file(10)).result).rejects.toThrow("larger than the allowed 9 bytes");
  expect(failed).toHaveBeenCalledOnce();
  expect(model.sent).toEqual([]);
});

test("a lost kernel ends all transfers with one note", async () => {
  const { transfers, failed } = setUp();
  const some = [transfers.upload(7, file(10)), transfers.fetch(7, "/cache/a.bin")];
  transfers.lost();
  for (const one of some) await expect(one.result).rejects.toThrow("the kernel is gone");
  transfers.lost();
  expect(failed).toHaveBeenCalledOnce();
});

test("a download collects chunks and acknowledges them", async () => {
  const { model, transfers, take, idOf } = setUp();
  const download = transfers.fetch(7, "/cache/a.bin");
  const id = idOf("download");
  const size = 20;
  take({ type: "download_start", download: id, name: "a.bin", size, mime: "text/plain" });
  take({ type: "download_chunk", download: id, offset: 0 }, view(0, 5));
  await settle();
  expect(download.progress.value).toBeCloseTo(5 / size);
  take({ type: "download_chunk", download: id, offset: 5, ack: true }, view(5, 12));
  take({ type: "download_chunk", download: id, offset: 12 }, view(12, size));
  take({ type: "download_end", download: id, crc: crc32(bytes(size)) });
  const blob = await download.result;
  expect(model.of("ack").map((one) => one.received)).toEqual([12, size]);
  expect(crc32(new Uint8Array(await blob.arrayBuffer()))).toBe(crc32(bytes(size)));
});

test("a download that has lost something asks for it again", async () => {
  const { model, transfers, take, idOf } = setUp();
  const download = transfers.fetch(7, "/cache/a.bin");
  const id = idOf("download");
  take({ type: "download_start", download: id, name: "a.bin", size: 8, mime: null });
  take({ type: "download_chunk", download: id, offset: 0 }, view(0, 2));
  take({ type: "download_chunk", download: id, offset: 4 }, view(4, 6));
  take({ type: "download_chunk", download: id, offset: 6 }, view(6, 8));
  take({ type: "download_end", download: id, crc: 0 });
  expect(model.of("ack").filter((one) => one.again)).toMatchObject([{ received: 2 }]);
  take({ type: "download_chunk", download: id, offset: 2 }, view(2, 8));
  take({ type: "download_end", download: id, crc: crc32(bytes(8)) });
  expect(new Uint8Array(await (await download.result).arrayBuffer())).toEqual(bytes(8));
});

test("a damaged download is an error", async () => {
  const { transfers, take, idOf, failed } = setUp();
  const download = transfers.fetch(7, "/cache/a.bin");
  const id = idOf("download");
  take({ type: "download_start", download: id, name: "a.bin", size: 8, mime: null });
  take({ type: "download_chunk", download: id, offset: 0 }, view(0, 8));
  take({ type: "download_end", download: id, crc: 1 });
  await expect(download.result).rejects.toThrow("the checksum differs");
  expect(failed).toHaveBeenCalledOnce();
});

test("a download is saved under its name", async () => {
  const { transfers, take, idOf } = setUp();
  const clicked: string[] = [];
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    clicked.push(this.download);
  });
  const download = transfers.download(7, "/cache/a.bin");
  const id = idOf("download");
  take({ type: "download_start", download: id, name: "a.bin", size: 0, mime: null });
  take({ type: "download_end", download: id, crc: 0 });
  await download.result;
  expect(clicked).toEqual(["a.bin"]);
});

function disk() {
  const written: number[] = [];
  const file = {
    write: vi.fn(async (data: DataView) => void written.push(data.byteLength)),
    close: vi.fn(async () => {}),
    abort: vi.fn(async () => {}),
  };
  const pick = vi.fn(async (_: unknown) => ({ createWritable: async () => file }));
  vi.stubGlobal("showSaveFilePicker", pick);
  return { written, file, pick };
}

test("a large download goes straight to disk", async () => {
  const { written, file, pick } = disk();
  const { model, transfers, take, idOf } = setUp();
  const download = transfers.download(7, "/cache/a.bin", { name: "a.bin", size: LARGE });
  await until(model, "download");
  const id = idOf("download");
  take({ type: "download_start", download: id, name: "a.bin", size: 8, mime: null });
  take({ type: "download_chunk", download: id, offset: 0 }, view(0, 8));
  take({ type: "download_end", download: id, crc: crc32(bytes(8)) });
  await download.result;
  expect(pick).toHaveBeenCalledWith({ suggestedName: "a.bin" });
  expect(written).toEqual([8]);
  expect(file.close).toHaveBeenCalledOnce();
});

test("a large download that fails leaves no file", async () => {
  const { file } = disk();
  const { model, transfers, take, idOf } = setUp();
  const download = transfers.download(7, "/cache/a.bin", { size: LARGE });
  await until(model, "download");
  take({ type: "download_failed", download: idOf("download"), message: "gone" });
  await expect(download.result).rejects.toThrow("gone");
  await settle();
  expect(file.abort).toHaveBeenCalledOnce();
  expect(file.close).not.toHaveBeenCalled();
});

test("who wants no file gets none, and a browser that asks nobody saves as ever", async () => {
  const asked = vi.spyOn(performance, "now");
  const pick = vi.fn(async () => {
    throw new DOMException("", "AbortError");
  });
  vi.stubGlobal("showSaveFilePicker", pick);
  const { model, transfers } = setUp();
  transfers.download(7, "/cache/a.bin", { size: LARGE });
  await until(model, "download");
  asked.mockReturnValueOnce(0).mockReturnValue(5000);
  const unwanted = transfers.download(7, "/cache/a.bin", { size: LARGE });
  await expect(unwanted.result).rejects.toThrow("cancelled");
  expect(model.of("download")).toHaveLength(1);
  asked.mockRestore();
});

test("all transfers end with the view", async () => {
  const { transfers, abort, failed } = setUp();
  const some = [transfers.upload(7, file(10)), transfers.fetch(7, "/cache/a.bin")];
  abort.abort();
  for (const one of some) await expect(one.result).rejects.toThrow("cancelled");
  expect(failed).not.toHaveBeenCalled();
});

test("a file chosen before the page knows what was cut off waits for that, and goes on from there", async () => {
  // TR-69
  const model = new FakeModel();
  const abort = new AbortController();
  const timers = new Timers(abort.signal);
  const offers = signal<Offer[]>([]);
  const transfers = new Transfers(new Transport(model, timers), vi.fn(), timers, abort.signal, offers);
  transfers.opened();
  const size = CHUNK + 10;
  const offer = { node: 7, name: "a.bin", size, modified: 5, received: 5, crc: crc32(bytes(5)) };
  transfers.upload(7, file(size));
  await settle(50);
  expect(model.of("upload")).toEqual([]);
  offers.value = [offer];
  await until(model, "upload");
  expect(model.of("upload")[0]).toMatchObject({ name: "a.bin", resume: 5 });
  transfers.upload(7, file(size, "other.bin")); // one that nobody tells of waits no longer than that
  await until(model, "upload", 2);
  expect(model.of("upload")[1]).not.toHaveProperty("resume");
  abort.abort();
});
