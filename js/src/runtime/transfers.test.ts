import { expect, test, vi } from "vitest";
import { FakeModel, settle } from "./support";
import { Timers } from "./timers";
import { CHUNK, Transfers, WINDOW } from "./transfers";
import { Transport } from "./transport";
import type { FileRecord, KernelMessage } from "./wire";

function setUp() {
  const model = new FakeModel();
  const abort = new AbortController();
  const failed = vi.fn();
  const transfers = new Transfers(new Transport(model, new Timers(abort.signal)), failed, abort.signal);
  const take = (message: KernelMessage, ...buffers: DataView[]) => transfers.take(message, buffers);
  const idOf = (type: string, at = 0) => String(model.of(type)[at]?.[type]);
  return { model, abort, failed, transfers, take, idOf };
}

/** Wait for a message: reading a file takes as long as it takes. */
const until = (model: FakeModel, type: string, count = 1) =>
  vi.waitFor(() => expect(model.of(type).length).toBeGreaterThanOrEqual(count), 5000);

const bytes = (length: number) => new Uint8Array(length).map((_, i) => i % 251);
const file = (length: number, name = "a.bin") => new File([bytes(length)], name);
const record = { path: "/cache/a.bin" } as FileRecord;

test("a file goes in chunks, and its record comes back", async () => {
  const { model, transfers, take, idOf } = setUp();
  const upload = transfers.upload(7, file(CHUNK + 10));
  await until(model, "upload_end");
  expect(model.of("upload")).toMatchObject([{ node: 7, name: "a.bin", size: CHUNK + 10, seq: 0 }]);
  expect(model.of("chunk").map((one) => one.offset)).toEqual([0, CHUNK]);
  expect(model.sent.at(-1)?.type).toBe("upload_end");
  expect(model.buffers.flat().map((one) => one.byteLength)).toEqual([CHUNK, 10]);
  take({ type: "upload_ack", upload: idOf("upload"), received: CHUNK });
  expect(upload.progress.value).toBeCloseTo(CHUNK / (CHUNK + 10));
  take({ type: "upload_done", upload: idOf("upload"), file: record });
  expect(await upload.result).toBe(record);
  expect(upload.progress.value).toBe(1);
});

test("an empty file has no chunks", async () => {
  const { model, transfers } = setUp();
  transfers.upload(7, file(0));
  await until(model, "upload_end");
  expect(model.sent.map((one) => one.type)).toEqual(["upload", "upload_end"]);
});

test("at most so many chunks are on their way, and acknowledgements let others go", async () => {
  const { model, transfers, take, idOf } = setUp();
  transfers.upload(7, file(CHUNK * 12));
  await until(model, "chunk", WINDOW);
  await settle();
  expect(model.of("chunk")).toHaveLength(WINDOW);
  take({ type: "upload_ack", upload: idOf("upload"), received: CHUNK * 3 });
  await until(model, "chunk", WINDOW + 3);
  await settle();
  expect(model.of("chunk")).toHaveLength(WINDOW + 3);
});

test("several files share the window fairly", async () => {
  const { model, transfers, idOf } = setUp();
  transfers.upload(7, file(CHUNK * 12));
  transfers.upload(7, file(CHUNK * 12));
  await until(model, "chunk", WINDOW);
  await settle();
  const first = model.of("chunk").filter((one) => one.upload === idOf("upload"));
  expect(model.of("chunk")).toHaveLength(WINDOW);
  expect(first.length).toBeGreaterThanOrEqual(WINDOW / 2);
  expect(first.length).toBeLessThanOrEqual(WINDOW / 2 + 1);
});

test("a checksum is sent when asked for", async () => {
  const { model, transfers } = setUp();
  transfers.upload(7, file(3), { checksum: true });
  await until(model, "upload_end");
  expect(model.of("upload_end")[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
});

test("a cancelled upload tells the kernel and frees the window", async () => {
  const { model, transfers, failed } = setUp();
  const upload = transfers.upload(7, file(CHUNK * 12));
  await settle();
  upload.cancel();
  await expect(upload.result).rejects.toThrow("cancelled");
  expect(model.sent.at(-1)?.type).toBe("upload_cancel");
  expect(failed).not.toHaveBeenCalled();
  transfers.upload(7, file(10));
  await until(model, "upload_end");
  expect(model.sent.at(-1)?.type).toBe("upload_end");
});

test("an upload that the kernel refuses is an error that shows", async () => {
  const { transfers, take, idOf, failed } = setUp();
  const upload = transfers.upload(7, file(10));
  take({ type: "upload_failed", upload: idOf("upload"), message: "too large" });
  await expect(upload.result).rejects.toThrow("too large");
  expect(failed).toHaveBeenCalledWith("Upload failed", "too large");
});

test("a download collects chunks and acknowledges them", async () => {
  const { model, transfers, take, idOf } = setUp();
  const download = transfers.fetch(7, "/cache/a.bin");
  const id = idOf("download");
  take({ type: "download_start", download: id, name: "a.bin", size: 8, mime: "text/plain" });
  take({ type: "download_chunk", download: id, offset: 0 }, new DataView(bytes(5).buffer));
  expect(download.progress.value).toBeCloseTo(5 / 8);
  take({ type: "download_chunk", download: id, offset: 5 }, new DataView(bytes(8).buffer, 5));
  take({ type: "download_end", download: id });
  expect(model.of("ack").map((one) => one.received)).toEqual([5, 8]);
  const blob = await download.result;
  expect(new Uint8Array(await blob.arrayBuffer())).toEqual(bytes(8));
});

test("a download with a gap is an error", async () => {
  const { model, transfers, take, idOf } = setUp();
  const download = transfers.fetch(7, "/cache/a.bin");
  const id = idOf("download");
  take({ type: "download_start", download: id, name: "a.bin", size: 8, mime: null });
  take({ type: "download_chunk", download: id, offset: 4 }, new DataView(bytes(4).buffer));
  await expect(download.result).rejects.toThrow("a part at 4 came where 0 was expected");
  expect(model.sent.at(-1)?.type).toBe("download_cancel");
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
  take({ type: "download_end", download: id });
  await download.result;
  expect(clicked).toEqual(["a.bin"]);
});

test("all transfers end with the view", async () => {
  const { transfers, abort, failed } = setUp();
  const some = [transfers.upload(7, file(10)), transfers.fetch(7, "/cache/a.bin")];
  abort.abort();
  for (const one of some) await expect(one.result).rejects.toThrow("cancelled");
  expect(failed).not.toHaveBeenCalled();
});
