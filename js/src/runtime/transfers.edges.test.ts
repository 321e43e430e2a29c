/** What transfers do at their edges: files that shrink, windows that do, disks that fail. */

import { afterEach, expect, test, vi } from "vitest";
import { settle } from "./support";
import { bytes, setUp } from "./transferring";
import { crc32 } from "./transfers";
import { ACTIVE, CHUNK, CHUNK_IN_USE, TELL_EVERY, WINDOW_IN_USE } from "./uploads";
import type { KernelMessage } from "./wire";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const file = (length: number, name = "a.bin") => new File([bytes(length)], name, { lastModified: 5 });
const until = (condition: () => void) => vi.waitFor(condition, 5000);
type Sent = ReturnType<typeof setUp>["model"];
const count = (model: Sent, type: string, least: number) =>
  until(() => expect(model.of(type).length).toBeGreaterThanOrEqual(least));

/** A part of a file that is read when `let` is called. */
function slow(part: Blob) {
  let go = () => {};
  const read = new Promise<void>((resolve) => (go = resolve)).then(() => part.arrayBuffer());
  return { blob: { arrayBuffer: () => read } as Blob, let: () => go() };
}

test("what was being read when the kernel sent the page back is not sent", async () => {
  const { model, transfers, take, idOf } = setUp();
  const given = file(CHUNK + 10);
  const second = slow(given.slice(CHUNK));
  const slice = given.slice.bind(given);
  vi.spyOn(given, "slice").mockImplementation((from, to) => slice(from, to));
  vi.mocked(given.slice).mockReturnValueOnce(slice(0, CHUNK)).mockReturnValueOnce(second.blob);
  transfers.upload(7, given);
  await count(model, "chunk", 1);
  take({ type: "upload_ack", upload: idOf("upload"), received: 0, again: true });
  await settle();
  second.let();
  await count(model, "upload_end", 1);
  expect(model.of("chunk").map((one) => one.offset)).toEqual([0, 0, CHUNK]);
  expect(model.of("upload_end")[0]).toMatchObject({ crc: crc32(bytes(CHUNK + 10)) });
});

test("while somebody uses the app little is on its way", async () => {
  const { model, transfers, transport } = setUp();
  transfers.upload(7, file(CHUNK * 3));
  transport.event(1, "click", null);
  await count(model, "chunk", WINDOW_IN_USE / CHUNK_IN_USE);
  await settle();
  const sizes = model.buffers.flat().map((one) => one.byteLength);
  expect(sizes).toEqual(Array(WINDOW_IN_USE / CHUNK_IN_USE).fill(CHUNK_IN_USE));
});

test("files that are sent together go chunk by chunk", async () => {
  const { model, transfers, take, idOf } = setUp();
  transfers.upload(7, file(CHUNK * 3, "a.bin"));
  transfers.upload(7, file(CHUNK * 3, "b.bin"));
  await count(model, "chunk", 2);
  const a = idOf("upload");
  const b = idOf("upload", 1);
  take({ type: "upload_ack", upload: a, received: CHUNK });
  take({ type: "upload_ack", upload: b, received: CHUNK });
  await count(model, "chunk", 5);
  expect(model.of("chunk").map((one) => one.upload)).toEqual([a, b, a, b, a]);
});

test("the kernel is not told of the end of what it was not told of", async () => {
  const { model, transfers } = setUp();
  const all = Array.from({ length: ACTIVE + 1 }, (_, i) => transfers.upload(7, file(10, `${i}.bin`)));
  await count(model, "upload", ACTIVE);
  all[ACTIVE]?.cancel();
  all[0]?.cancel();
  await settle();
  expect(model.of("upload_cancel")).toHaveLength(1);
  expect(model.of("upload")).toHaveLength(ACTIVE);
});

test("a file of another size is another", async () => {
  const offer = { node: 7, name: "a.bin", size: CHUNK + 1, modified: 5, received: 9, crc: crc32(bytes(9)) };
  const { model, transfers } = setUp([offer]);
  transfers.upload(7, file(CHUNK));
  await count(model, "upload_end", 1);
  expect(model.of("upload")[0]).not.toHaveProperty("resume");
});

test.each([10, CHUNK + 10])("a file of %i bytes that becomes shorter is given up", async (length) => {
  const { model, transfers, failed } = setUp();
  const given = file(length);
  vi.spyOn(given, "arrayBuffer").mockResolvedValue(new ArrayBuffer(3));
  const slice = given.slice.bind(given);
  vi.spyOn(given, "slice").mockImplementation((from, to) => (from ? new Blob([]) : slice(from, to)));
  const upload = transfers.upload(7, given);
  await expect(upload.result).rejects.toThrow("cancelled");
  expect(failed).toHaveBeenCalledWith("Upload failed", "a.bin: the file has become shorter");
  expect(model.sent.at(-1)?.type).toBe("upload_cancel");
});

test("a checksum is not worked out twice", async () => {
  const { model, transfers, take, idOf } = setUp();
  const given = file(CHUNK * 2);
  const slices = vi.spyOn(given, "slice");
  transfers.upload(7, given);
  await count(model, "upload_end", 1);
  take({ type: "upload_ack", upload: idOf("upload"), received: CHUNK });
  take({ type: "upload_ack", upload: idOf("upload"), received: CHUNK, again: true });
  await count(model, "upload_end", 2);
  expect(slices.mock.calls.map(([from]) => from)).toEqual([0, CHUNK, CHUNK]);
});

test("progress is told now and then", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  const { model, transfers, take, idOf } = setUp();
  const upload = transfers.upload(7, file(CHUNK * 2));
  await vi.waitFor(() => expect(model.of("upload_end")).toHaveLength(1));
  const ack = (received: number) => take({ type: "upload_ack", upload: idOf("upload"), received });
  ack(CHUNK);
  expect(upload.progress.value).toBe(0.5);
  vi.advanceTimersByTime(TELL_EVERY - 1);
  ack(CHUNK * 1.5);
  expect(upload.progress.value).toBe(0.5);
  vi.advanceTimersByTime(1);
  ack(CHUNK * 1.5);
  expect(upload.progress.value).toBe(0.75);
});

const view = (from: number, to: number) => new DataView(bytes(to).buffer, from, to - from);

test("whatever comes twice is dropped, and each loss is asked for once", async () => {
  const { model, transfers, take, idOf } = setUp();
  const download = transfers.fetch(7, "/cache/a.bin");
  const id = idOf("download");
  const chunk = (from: number, to: number) =>
    take({ type: "download_chunk", download: id, offset: from }, view(from, to));
  const again = () => model.of("ack").flatMap((one) => (one.again ? [one.received] : []));
  take({ type: "download_start", download: id, name: "a.bin", size: 20, mime: null });
  chunk(0, 4);
  chunk(0, 4);
  expect(again()).toEqual([]);
  chunk(8, 12);
  chunk(12, 16);
  expect(again()).toEqual([4]);
  chunk(4, 8);
  chunk(12, 16);
  expect(again()).toEqual([4, 8]);
  chunk(8, 20);
  take({ type: "download_end", download: id, crc: crc32(bytes(20)) });
  expect((await download.result).size).toBe(20);
});

test("a disk that fails ends the download at both ends", async () => {
  const sink = {
    write: async () => {
      throw new Error("full");
    },
    close: vi.fn(async () => {}),
    abort: vi.fn(async () => {}),
  };
  const pick = vi.fn(async () => ({ createWritable: async () => sink }));
  vi.stubGlobal("showSaveFilePicker", pick);
  const { model, transfers, take, failed } = setUp();
  const download = transfers.download(7, "/cache/a.bin", { size: 1e9 });
  await count(model, "download", 1);
  const id = String(model.of("download")[0]?.download);
  const start: KernelMessage = { type: "download_start", download: id, name: "a.bin", size: 8, mime: null };
  take(start);
  take({ type: "download_chunk", download: id, offset: 0 }, view(0, 4));
  await expect(download.result).rejects.toThrow("it cannot be written: full");
  expect(model.of("download_cancel")).toMatchObject([{ download: id }]);
  expect(failed).toHaveBeenCalledOnce();
  await until(() => expect(sink.abort).toHaveBeenCalledOnce());
  expect(sink.close).not.toHaveBeenCalled();
});

test("nobody is asked where a small file is to go", async () => {
  const pick = vi.fn();
  vi.stubGlobal("showSaveFilePicker", pick);
  const { model, transfers } = setUp();
  transfers.download(7, "/cache/a.bin", { size: 1000 });
  await count(model, "download", 1);
  expect(pick).not.toHaveBeenCalled();
});
