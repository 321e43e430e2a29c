/** Transfers when messages are lost: one by one, and at random, with the real classes against a small kernel. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LARGE } from "./sinks";
import type { FakeModel } from "./support";
import { bytes, setUp } from "./transferring";
import { crc32 } from "./transfers";
import { CHUNK, SMALL, STALL, WINDOW } from "./uploads";
import type { FileRecord, KernelMessage, PageMessage } from "./wire";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "performance"] });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Time in which reading a file comes through. */
const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms).then(() => new Promise((resolve) => setImmediate(resolve)));
const until = (model: FakeModel, type: string, count = 1) =>
  vi.waitFor(() => expect(model.of(type).length).toBeGreaterThanOrEqual(count), 5000);

const file = (length: number) => new File([bytes(length)], "a.bin", { lastModified: 5 });
const record = { path: "/cache/a.bin" } as FileRecord;

// -- uploads

test("an upload whose end was lost says it again, and reads nothing for it", async () => {
  const { model, transfers, take, idOf } = setUp();
  const size = CHUNK + 10;
  const upload = transfers.upload(7, file(size));
  await until(model, "upload_end");
  take({ type: "upload_ack", upload: idOf("upload"), received: size, again: true });
  await until(model, "upload_end", 2);
  expect(model.of("upload_end")[1]).toMatchObject({ crc: crc32(bytes(size)) });
  expect(model.of("chunk")).toHaveLength(2);
  take({ type: "upload_done", upload: idOf("upload"), file: record });
  expect(await upload.result).toBe(record);
});

test("an upload goes back to where it has no checksum of", async () => {
  const { model, transfers, take, idOf } = setUp();
  const size = CHUNK + 10;
  transfers.upload(7, file(size));
  await until(model, "upload_end");
  take({ type: "upload_ack", upload: idOf("upload"), received: 77, again: true });
  await until(model, "upload_end", 2);
  expect(model.of("chunk").map((one) => one.offset)).toEqual(
    [0, CHUNK, 77, CHUNK + 77].slice(0, model.of("chunk").length),
  );
  expect(model.of("upload_end")[1]).toMatchObject({ crc: crc32(bytes(size)) });
});

test("what goes on after a break says what it believes to be there, and may begin anew", async () => {
  const size = CHUNK + 10;
  const offer = { node: 7, name: "a.bin", size, modified: 5, received: 77, crc: crc32(bytes(77)) };
  const { model, transfers, take, idOf, failed } = setUp([offer]);
  transfers.upload(7, file(size));
  await until(model, "upload_end");
  expect(model.of("upload")).toMatchObject([{ resume: 77, crc: offer.crc }]);
  take({ type: "upload_unknown", upload: idOf("upload") }); // its beginning was lost
  await until(model, "upload_end", 2);
  expect(model.of("upload")).toHaveLength(2);
  expect(failed).not.toHaveBeenCalled();
});

test("nothing is asked of an upload that is not announced yet", async () => {
  const offer = { node: 7, name: "a.bin", size: 10, modified: 5, received: 5, crc: crc32(bytes(5)) };
  const { model, transfers } = setUp([offer]);
  const slow = file(10);
  let read = (_: ArrayBuffer) => {};
  vi.spyOn(slow, "slice").mockReturnValueOnce({
    arrayBuffer: () => new Promise<ArrayBuffer>((resolve) => (read = resolve)),
  } as Blob);
  transfers.upload(7, slow);
  await pass(STALL * 3);
  expect(model.sent).toEqual([]);
  read(bytes(5).slice().buffer);
  await until(model, "upload_end");
  expect(model.of("upload_ask")).toEqual([]);
  await pass(STALL * 1.5);
  expect(model.of("upload_ask")).toHaveLength(1);
});

// -- downloads

const view = (from: number, to: number) => new DataView(bytes(to).buffer, from, to - from);
const start = (download: string, size: number): KernelMessage => ({
  ...{ type: "download_start", download, name: "a.bin", size, mime: null },
});

test("a download that nobody has answered is asked for once more", async () => {
  const { model, transfers, take, idOf } = setUp();
  const download = transfers.fetch(7, "/cache/a.bin");
  const id = idOf("download");
  take({ type: "download_chunk", download: id, offset: 0, ack: true }, view(0, 8)); // its start was lost
  take({ type: "download_end", download: id, crc: crc32(bytes(8)) });
  await pass(STALL * 1.5);
  expect(model.of("download")).toHaveLength(2);
  expect(model.of("download")[1]).toMatchObject({ download: id, node: 7, path: "/cache/a.bin" });
  expect(model.of("ack")).toEqual([]);
  take(start(id, 8));
  take({ type: "download_chunk", download: id, offset: 0 }, view(0, 8));
  take(start(id, 8)); // the answer to the question
  take({ type: "download_chunk", download: id, offset: 0 }, view(0, 8));
  take({ type: "download_end", download: id, crc: crc32(bytes(8)) });
  const got = await download.result;
  expect(got).toMatchObject({ name: "a.bin", size: 8 });
});

test("a silent kernel is asked to go on with a download", async () => {
  const { model, transfers, take, idOf } = setUp();
  transfers.fetch(7, "/cache/a.bin");
  const id = idOf("download");
  take(start(id, 8));
  take({ type: "download_chunk", download: id, offset: 0 }, view(0, 4));
  await pass(STALL * 1.5);
  expect(model.of("ack")).toMatchObject([{ received: 4, again: true }]);
  await pass(STALL);
  expect(model.of("ack")).toHaveLength(2);
});

test("a file that takes long to close is waited for", async () => {
  let closed = () => {};
  const sink = {
    write: vi.fn(async () => {}),
    close: vi.fn(() => new Promise<void>((resolve) => (closed = resolve))),
    abort: vi.fn(async () => {}),
  };
  let choose = (_: unknown) => {};
  vi.stubGlobal("showSaveFilePicker", () => new Promise((resolve) => (choose = resolve)));
  const { model, transfers, take, failed } = setUp();
  const download = transfers.download(7, "/cache/a.bin", { size: LARGE });
  await pass(STALL * 3);
  expect(model.sent).toEqual([]);
  choose({ createWritable: async () => sink });
  await until(model, "download");
  expect(model.of("download")).toHaveLength(1);
  const id = String(model.of("download")[0]?.download);
  take(start(id, 8));
  take({ type: "download_chunk", download: id, offset: 0 }, view(0, 8));
  take({ type: "download_end", download: id, crc: crc32(bytes(8)) });
  await pass(STALL * 3);
  expect(model.of("ack").filter((one) => one.again)).toEqual([]);
  take({ type: "download_end", download: id, crc: crc32(bytes(8)) });
  take({ type: "download_failed", download: id, message: "the kernel has given it up" });
  closed();
  await download.result;
  expect(sink.close).toHaveBeenCalledOnce();
  expect(failed).not.toHaveBeenCalled();
});

// -- at random

/** A generator of numbers from 0 to 1 that a seed repeats. */
function chance(seed: number): () => number {
  let x = seed;
  return () => {
    x = (Math.imul(x, 1103515245) + 12345) & 0x7fffffff;
    return x / 0x80000000;
  };
}

interface Coming {
  size: number;
  parts: Uint8Array[];
  taken: number;
}

/** A kernel with just enough of uploads.py and downloads.py, at the other end of a line that loses messages for a while. */
class SmallKernel {
  readonly coming = new Map<string, Coming>();
  readonly files = new Map<string, Uint8Array>();
  readonly done = new Map<string, KernelMessage>();
  readonly going = new Map<string, { data: Uint8Array<ArrayBuffer>; sent: number; received: number }>();
  flying = 0;
  /** How many of each way may still be lost. */
  losses = 12;
  readonly random: () => number;
  readonly answer: (message: KernelMessage, buffers: DataView[]) => void;

  constructor(random: () => number, answer: (message: KernelMessage, buffers: DataView[]) => void) {
    this.random = random;
    this.answer = answer;
  }

  get #lost(): boolean {
    if (!this.losses || this.random() > 0.25) return false;
    this.losses -= 1;
    return true;
  }

  /** What comes from the page, in its order; the answers come soon, in theirs. */
  hear(message: PageMessage, buffers: readonly (ArrayBuffer | ArrayBufferView)[]): void {
    if (this.#lost) return;
    const part = buffers[0] ? new Uint8Array(buffers[0] as ArrayBuffer) : new Uint8Array();
    // What is behind it overtakes an answer at times.
    setTimeout(() => this.#take(message, part), this.random() < 0.3 ? 40 : 0);
  }

  #say(message: KernelMessage, ...buffers: DataView[]): void {
    if (!this.#lost) setTimeout(() => this.answer(message, buffers), 10);
  }

  #take(message: PageMessage, part: Uint8Array): void {
    const upload = String(message.upload);
    const one = this.coming.get(upload);
    const ack = (again: boolean) => one && this.#say({ type: "upload_ack", upload, received: one.taken, again });
    switch (message.type) {
      case "upload": {
        const made = { size: Number(message.size), parts: [part], taken: part.length };
        if (one || this.done.has(upload)) return;
        this.coming.set(upload, made);
        if (part.length) this.#whole(upload, made, Number(message.crc));
        break;
      }
      case "chunk":
        if (!one) return;
        if (message.offset === one.taken) {
          one.parts.push(part);
          one.taken += part.length;
          ack(false);
        } else ack(Number(message.offset) > one.taken);
        break;
      case "upload_end":
        if (one && one.taken === one.size) this.#whole(upload, one, Number(message.crc));
        else ack(true);
        break;
      case "upload_ask":
        if (one) ack(true);
        else this.#say(this.done.get(upload) ?? { type: "upload_unknown", upload });
        break;
      case "download":
      case "ack":
        this.#send(String(message.download), message);
    }
  }

  #whole(upload: string, { parts }: Coming, crc: number): void {
    const data = new Uint8Array(parts.reduce((sum, one) => sum + one.length, 0));
    let at = 0;
    for (const one of parts) {
      data.set(one, at);
      at += one.length;
    }
    this.coming.delete(upload);
    const path = `/cache/${upload}`;
    this.files.set(path, data);
    const told: KernelMessage =
      crc32(data) === crc
        ? { type: "upload_done", upload, file: { path } as FileRecord }
        : { type: "upload_failed", upload, message: "the checksum differs" };
    this.done.set(upload, told);
    this.#say(told);
  }

  /** A window of three chunks of 1000 bytes. */
  #send(download: string, message: PageMessage): void {
    if (message.type === "download") {
      const data = this.files.get(String(message.path)) as Uint8Array<ArrayBuffer>;
      this.going.set(download, { data, sent: 0, received: 0 });
      this.#say({ type: "download_start", download, name: "a", size: data.length, mime: null });
    }
    const one = this.going.get(download);
    if (!one) return;
    if (message.type === "ack") one.received = Number(message.received);
    if (message.again) one.sent = one.received;
    const { data } = one;
    const end = () => this.#say({ type: "download_end", download, crc: crc32(data) });
    if (one.sent === data.length && (message.again || !data.length)) end();
    while (one.sent < data.length && one.sent - one.received < 3000) {
      const to = Math.min(one.sent + 1000, data.length);
      this.#say(
        { type: "download_chunk", download, offset: one.sent, ack: to % 2000 === 0 },
        new DataView(data.buffer, data.byteOffset + one.sent, to - one.sent),
      );
      one.sent = to;
      if (to === data.length) end();
    }
  }
}

/** Let everything happen that happens by itself. */
async function untilAll(results: Promise<unknown>[]): Promise<void> {
  let open = results.length;
  for (const one of results) one.finally(() => open--).catch(() => {});
  for (let i = 0; i < 2000 && open; i++) await pass(i % 10 ? 20 : STALL / 4);
  expect(open, "transfers that have not ended").toBe(0);
}

const SEEDS = Array.from({ length: Number(process.env.NBBLOCKS_EXAMPLES ?? 1) * 12 }, (_, i) => i + 1);

test.each(SEEDS)(
  "files go whole over a lossy line, both ways (%i)",
  async (seed) => {
    const { model, transfers, failed } = setUp();
    const random = chance(seed * 7919);
    const kernel = new SmallKernel(random, (message, buffers) => transfers.take(message, buffers));
    let most = 0;
    vi.spyOn(model, "send").mockImplementation((content, _, buffers = []) => {
      const message = content as PageMessage;
      if (message.type === "chunk") {
        const one = kernel.coming.get(String(message.upload));
        if (one) most = Math.max(most, Number(message.offset) + (buffers[0]?.byteLength ?? 0) - one.taken);
      }
      kernel.hear(message, buffers);
    });
    const lengths = [0, 1, SMALL, SMALL + 1, CHUNK, CHUNK + 7, 2 * CHUNK, 3 * CHUNK + 1];
    const chosen = Array.from({ length: 4 }, (_, i) =>
      bytes(lengths[Math.floor(random() * lengths.length)]!, seed + i),
    );
    const uploads = chosen.map((data, i) => transfers.upload(7, new File([data], `${i}.bin`)).result);
    await untilAll(uploads);
    const records = await Promise.all(uploads);
    records.forEach(({ path }, i) => {
      expect(kernel.files.get(path)).toHaveLength(chosen[i]!.length);
      expect(crc32(kernel.files.get(path)!)).toBe(crc32(chosen[i]!));
    });
    expect(most).toBeLessThanOrEqual(WINDOW + CHUNK);

    kernel.losses = 12;
    const wanted = [0, 1, 2500, 9000, 20_000].map((length, i) => bytes(length, seed + i));
    wanted.forEach((data, i) => {
      kernel.files.set(`/cache/${i}`, data);
    });
    const downloads = wanted.map((_, i) => transfers.fetch(7, `/cache/${i}`).result);
    await untilAll(downloads);
    const got = await Promise.all(downloads);
    for (const [i, data] of wanted.entries()) {
      expect(crc32(new Uint8Array(await got[i]!.arrayBuffer()))).toBe(crc32(data));
      expect(got[i]!.size).toBe(data.length);
    }
    expect(failed).not.toHaveBeenCalled();
  },
  60_000,
);
