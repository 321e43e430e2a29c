import { signal } from "@preact/signals";
import { afterEach, expect, test, vi } from "vitest";
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

/** A camera with one picture of 2 by 1 pixels in it, and what is done with it. */
function fakeCamera(given: { fault?: string } = {}) {
  const track = { stop: vi.fn(), addEventListener: vi.fn() };
  const asked: unknown[] = [];
  vi.stubGlobal("navigator", {
    ...navigator,
    mediaDevices: {
      getUserMedia: async (constraints: unknown) => {
        asked.push(constraints);
        if (given.fault) throw new DOMException("no", given.fault);
        return { getTracks: () => [track] };
      },
      enumerateDevices: async () => [{ kind: "videoinput", deviceId: "a", label: "Front" }],
    },
  });
  const pen = { translate: vi.fn(), scale: vi.fn(), drawImage: vi.fn() };
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(pen as never);
  vi.spyOn(HTMLCanvasElement.prototype, "toBlob").mockImplementation((done, type) => done(new Blob(["x"], { type })));
  Object.defineProperty(HTMLVideoElement.prototype, "videoWidth", { configurable: true, value: 2 });
  Object.defineProperty(HTMLVideoElement.prototype, "videoHeight", { configurable: true, value: 1 });
  Object.defineProperty(HTMLVideoElement.prototype, "srcObject", { configurable: true, writable: true, value: null });
  return { track, asked, pen };
}

const sent: File[] = [];
const uploads = {
  upload: (file: File) => {
    sent.push(file);
    const record = { path: `/cache/${sent.length}/${file.name}`, url: null };
    return { result: Promise.resolve(record), progress: signal(1), cancel() {} };
  },
};

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  sent.length = 0;
});

async function turnOn(given = {}, app = {}) {
  const shown = image({ sources: ["webcam"], ...given }, { ...uploads, ...app });
  shown.click(".nbb-zone-main");
  await settle();
  if (shown.all("video").length) await shown.fire("video", new Event("loadeddata"));
  return shown;
}

test("a picture taken by the webcam is uploaded, and the webcam goes off", async () => {
  const { track, asked, pen } = fakeCamera();
  const shown = await turnOn({ webcam_constraints: { width: 1280 } });
  expect(asked).toEqual([{ video: { width: 1280 }, audio: false }]);
  expect(shown.find("video").className).toBe("nbb-mirrored");
  shown.click('[aria-label="Take a picture"]');
  await settle();
  expect(sent.map((file) => [file.name, file.type])).toEqual([["webcam.webp", "image/webp"]]);
  expect(pen.scale).toHaveBeenCalledWith(-1, 1);
  expect(shown.events()).toEqual(["input", "upload"]);
  expect(shown.all("video")).toEqual([]);
  expect(track.stop).toHaveBeenCalled();
});

test("a webcam that is no mirror shows and takes pictures as they are", async () => {
  const { pen } = fakeCamera();
  const shown = await turnOn({ mirror_webcam: false });
  shown.click('[aria-label="Take a picture"]');
  await settle();
  expect(pen.scale).not.toHaveBeenCalled();
});

test.each([
  ["NotAllowedError", "The browser does not let this page use the camera."],
  ["NotFoundError", "There is no camera."],
  ["OverconstrainedError", "No camera can do what this app asks for."],
])("it says why there is no picture: %s", async (fault, words) => {
  fakeCamera({ fault });
  const shown = await turnOn();
  expect(shown.find('[role="alert"]').textContent).toContain(words);
  fakeCamera();
  shown.click(shown.all(".nbb-camera-row button")[0]!);
  await settle();
  expect(shown.all("video").length).toBe(1);
});

test("without HTTPS it says so", async () => {
  vi.stubGlobal("navigator", {});
  expect((await turnOn()).find('[role="alert"]').textContent).toContain("localhost or with HTTPS");
});

test("frames come as often as their listener wants them, until it is stopped", async () => {
  fakeCamera();
  vi.useFakeTimers();
  const listeners: object[] = [];
  const shown = await turnOn({ streaming: true }, { listeners });
  listeners.push({ id: 7, targets: [[shown.node.id, "stream"]], stream_every: 0.2 });
  shown.set("label", "drawn again");
  shown.click('[aria-label="Start streaming"]');
  await settle();
  expect(shown.events()).toEqual(["stream"]);
  await vi.advanceTimersByTimeAsync(190);
  expect(shown.events().length).toBe(1);
  await vi.advanceTimersByTimeAsync(20);
  await settle();
  expect(shown.events().length).toBe(2);
  expect(shown.reports[1]!.value).toEqual({ path: "/cache/2/webcam.jpeg", url: null });
  shown.click('[aria-label="Stop streaming"]');
  await vi.advanceTimersByTimeAsync(1000);
  expect(shown.events().length).toBe(2);
  expect(shown.all("video").length).toBe(1);
});

test("a stream ends by itself at its limit", async () => {
  fakeCamera();
  vi.useFakeTimers();
  const listeners: object[] = [];
  const shown = await turnOn({ streaming: true }, { listeners });
  listeners.push({ id: 7, targets: [[shown.node.id, "stream"]], time_limit: 1 });
  shown.set("label", "drawn again");
  shown.click('[aria-label="Start streaming"]');
  await vi.advanceTimersByTimeAsync(5000);
  expect(shown.events().length).toBe(2);
  expect(shown.all('[aria-label="Start streaming"]').length).toBe(1);
});

test("the webcam goes off when the app goes", async () => {
  const { track } = fakeCamera();
  const shown = await turnOn();
  shown.unmount();
  expect(track.stop).toHaveBeenCalled();
});

test("what is pasted on it is taken, but text is not", async () => {
  const shown = image({}, uploads);
  const paste = (files: File[]) => {
    const event = new Event("paste", { bubbles: true, cancelable: true });
    shown.fire(".nbb-zone-main", Object.assign(event, { clipboardData: { files } }));
    return event.defaultPrevented;
  };
  expect(paste([])).toBe(false);
  expect(paste([new File(["x"], "a.txt", { type: "text/plain" })])).toBe(false);
  expect(paste([new File(["x"], "a.png", { type: "image/png" })])).toBe(true);
  await settle();
  expect(shown.events()).toEqual(["input", "upload"]);
});

test("the paste button reads the clipboard, and says what to do where it may not", async () => {
  const toast = vi.fn();
  const shown = image({}, { ...uploads, toast });
  const press = async (read: () => Promise<unknown>) => {
    vi.stubGlobal("navigator", { clipboard: { read } });
    shown.click(shown.all(".nbb-zone-more button").find((one) => one.textContent === "Paste")!);
    await settle();
  };
  await press(async () => Promise.reject(new DOMException("no", "NotAllowedError")));
  expect(toast.mock.calls[0]![0].message).toContain("Ctrl+V");
  await press(async () => [{ types: ["text/plain"] }]);
  expect(toast.mock.calls[1]![0].message).toBe("There is no picture in the clipboard.");
  await press(async () => [{ types: ["image/png"], getType: async () => new Blob(["x"], { type: "image/png" }) }]);
  expect(sent.map((file) => file.name)).toEqual(["pasted.png"]);
});

test("a file may be dropped where uploads are a source", async () => {
  const dropped = () => Object.assign(new Event("drop", { bubbles: true, cancelable: true }), { dataTransfer });
  const dataTransfer = { types: ["Files"], items: [], files: [new File(["x"], "a.png", { type: "image/png" })] };
  const closed = image({ sources: ["clipboard"] }, uploads);
  await closed.fire(".nbb-picture", dropped());
  await settle();
  expect(closed.events()).toEqual([]);
  const open = image({}, uploads);
  await open.fire(".nbb-picture", dropped());
  await settle();
  expect(open.events()).toEqual(["input", "upload"]);
});

test("a large file is fetched when it is to be seen", async () => {
  const asked: string[] = [];
  const fetch = (path: string) => {
    asked.push(path);
    return { result: Promise.resolve(new Blob(["x"], { type: "image/png" })), progress: signal(1), cancel() {} };
  };
  const shown = image({ value: { path: "/cache/large.png", url: null } }, { fetch });
  expect(shown.all(".nbb-shown")).toEqual([]);
  await settle();
  expect(asked).toEqual(["/cache/large.png"]);
  expect(shownIn(shown)).toMatch(/^blob:/);
});

test("a click says which pixel was meant", () => {
  const shown = image({ value: bytes() }, { listens: () => true });
  const drawn = shown.find<HTMLImageElement>(".nbb-shown");
  Object.defineProperty(drawn, "naturalWidth", { value: 200 });
  Object.defineProperty(drawn, "naturalHeight", { value: 100 });
  // Fitted into a square: 50 px free above and below.
  drawn.getBoundingClientRect = () => ({ left: 10, top: 10, width: 100, height: 100 }) as DOMRect;
  shown.fire(drawn, new MouseEvent("click", { bubbles: true, clientX: 60, clientY: 60 }));
  shown.fire(drawn, new MouseEvent("click", { bubbles: true, clientX: 10, clientY: 10 }));
  expect(shown.reports.map((one) => one.data)).toEqual([
    { index: [100, 50], value: null },
    { index: [0, 0], value: null },
  ]);
});

test("a picture that browsers cannot show is named instead", async () => {
  const shown = image({ value: { ...bytes(), orig_name: "scan.tiff" } });
  await shown.fire(".nbb-shown", new Event("error"));
  expect(shown.find('[role="img"]').textContent).toContain("scan.tiff");
  expect(shown.all('[aria-label="Download"]').length).toBe(1);
});

test("the author's words stand in the empty place, a heading among them", () => {
  const shown = image({ placeholder: "# Passport\nTaken from above" });
  expect(shown.find(".nbb-zone-words").innerHTML).toBe("<strong>Passport</strong><span>Taken from above</span>");
});

test("what lies elsewhere is shown from there, and opened to be saved", () => {
  const away = "https://example.org/a.png";
  const open = vi.fn();
  vi.stubGlobal("open", open);
  const { data: _, ...record } = bytes();
  const shown = image({ value: { ...record, path: away, url: away } });
  expect(shown.find<HTMLImageElement>(".nbb-shown").src).toBe(away);
  shown.click('[aria-label="Download"]');
  expect(open.mock.calls).toEqual([[away, "_blank", "noopener,noreferrer"]]);
  vi.unstubAllGlobals();
});
