import { signal } from "@preact/signals";
import { afterEach, expect, test, vi } from "vitest";
import { mount, settle } from "../testing";
import Gallery from "./gallery";

let made = 0;
const next = () => {
  made += 1;
  return made;
};
const record = (name: string, data = true) => ({
  path: `/cache/${next()}/${name}`,
  url: null,
  size: 4,
  orig_name: name,
  mime_type: name.endsWith(".mp4") ? "video/mp4" : "image/png",
  meta: { _type: "nbblocks.FileData" },
  ...(data ? { data: new DataView(new ArrayBuffer(4)) } : {}),
});
type Entry = { image?: ReturnType<typeof record>; video?: ReturnType<typeof record>; caption: string | null };
const picture = (name: string, caption: string | null = null, data = true): Entry => ({
  image: record(name, data),
  caption,
});
const film = (name: string, caption: string | null = null): Entry => ({ video: record(name), caption });
const three = () => [picture("a.png", "One"), picture("b.png"), film("c.mp4", "Three")];
const bareOf = ({ data: _, ...rest }: ReturnType<typeof record>) => rest;

type Shown = ReturnType<typeof mount>;
const mounted: Shown[] = [];
const gallery = (given = {}, app = {}) => {
  const shown = mount("gallery", Gallery as never, given, { live: true, ...app } as never);
  mounted.push(shown);
  return shown;
};
const opened = (shown: Shown) => shown.all(".nbb-preview").map((one) => one.getAttribute("aria-label"));

afterEach(() => {
  for (const shown of mounted.splice(0)) shown.unmount();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("entries stand in a grid with their captions", () => {
  const shown = gallery({ value: three(), interactive: false });
  expect(shown.all(".nbb-tile").map((one) => one.getAttribute("aria-label"))).toEqual([
    "1: One",
    "2: b.png",
    "3: Three",
  ]);
  expect(shown.all(".nbb-tile-caption").map((one) => one.textContent)).toEqual(["One", "Three"]);
  expect(shown.all(".nbb-tile img").length).toBe(2);
  expect(shown.all(".nbb-tile video").length).toBe(1);
  expect(shown.all('[aria-label^="Remove"]')).toEqual([]);
});

test("a click enlarges an entry, and says which", () => {
  const value = three();
  const shown = gallery({ value });
  shown.click(shown.all(".nbb-tile")[1]!);
  expect(opened(shown)).toEqual(["2 of 3: b.png"]);
  expect(shown.reports).toEqual([
    {
      event: "select",
      data: { index: 1, value: { image: bareOf(value[1]!.image!), caption: null }, selected: true },
    },
    { event: "preview_open" },
  ]);
});

test("keys and buttons go round, and back to the grid", () => {
  const shown = gallery({ value: three(), selected_index: 1 });
  expect(opened(shown)).toEqual(["2 of 3: b.png"]);
  const seen = [];
  for (const key of ["ArrowRight", "ArrowRight", "ArrowLeft", "Home", "End"]) {
    shown.key(".nbb-preview", key);
    seen.push(opened(shown)[0]?.slice(0, 1));
  }
  shown.click('[aria-label="Next"]');
  shown.click('[aria-label="Previous"]');
  shown.click(shown.all(".nbb-strip button")[1]!);
  expect(seen).toEqual(["3", "1", "3", "1", "3"]);
  expect(shown.reports.map((one) => (one.data as { index: number }).index)).toEqual([2, 0, 2, 0, 2, 0, 2, 1]);
  shown.key(".nbb-preview", "Escape");
  expect(opened(shown)).toEqual([]);
  expect(shown.events().at(-1)).toBe("preview_close");
});

test("arrow keys move the focus within the grid", () => {
  const shown = gallery({ value: three() });
  const tabs = () => shown.all(".nbb-tile").map((one) => one.tabIndex);
  expect(tabs()).toEqual([0, -1, -1]);
  shown.key(".nbb-tile", "End");
  expect(tabs()).toEqual([-1, -1, 0]);
  shown.key('.nbb-tile[tabindex="0"]', "ArrowLeft");
  expect(tabs()).toEqual([-1, 0, -1]);
  shown.key('.nbb-tile[tabindex="0"]', "Home");
  shown.key(".nbb-tile", "ArrowLeft");
  expect(tabs()).toEqual([0, -1, -1]);
  expect(shown.events()).toEqual([]);
});

test("without a preview a click only chooses", () => {
  const shown = gallery({ value: three(), allow_preview: false });
  shown.click(shown.all(".nbb-tile")[2]!);
  expect(opened(shown)).toEqual([]);
  expect(shown.events()).toEqual(["select"]);
  expect(shown.all(".nbb-tile").map((one) => one.getAttribute("aria-pressed"))).toEqual(["false", "false", "true"]);
});

test("a gallery may begin with its first entry large, and only begin", () => {
  const shown = gallery({ preview: true, value: [] });
  shown.set("value", three());
  expect(opened(shown)).toEqual(["1 of 3: One"]);
  shown.click('[aria-label="Back to all"]');
  shown.set("value", three().slice(0, 2));
  expect(opened(shown)).toEqual([]);
});

test("what the kernel chooses is shown, the last if there are fewer", () => {
  const shown = gallery({ value: three() });
  shown.set("selected_index", 7);
  expect(opened(shown)).toEqual(["3 of 3: Three"]);
  shown.set("value", three().slice(0, 1));
  expect(opened(shown)).toEqual(["1 of 1: One"]);
  expect(shown.all(".nbb-strip, .nbb-turn")).toEqual([]);
  shown.set("selected_index", null);
  expect(opened(shown)).toEqual([]);
  expect(shown.events()).toEqual([]);
});

test("an entry can be removed, from the grid and when it is large", () => {
  const value = three();
  const shown = gallery({ value });
  const left = [
    { image: bareOf(value[0]!.image!), caption: "One" },
    { video: bareOf(value[2]!.video!), caption: "Three" },
  ];
  shown.click('[aria-label="Remove b.png"]');
  expect(shown.reports).toEqual([{ event: "delete", value: left, data: { file: bareOf(value[1]!.image!), index: 1 } }]);
  // They came back without their content, which is still there.
  expect(shown.all(".nbb-tile img, .nbb-tile video").length).toBe(2);
  shown.click(shown.all(".nbb-tile")[1]!);
  shown.click('[aria-label="Remove"]');
  expect(opened(shown)).toEqual(["1 of 1: One"]);
  shown.click('[aria-label="Remove"]');
  expect(shown.reports.at(-1)!.value).toEqual([]);
  expect(shown.all(".nbb-zone-main").length).toBe(1);
});

test("all can be removed at once", () => {
  const shown = gallery({ value: three() });
  shown.click('[aria-label="Clear"]');
  expect(shown.reports).toEqual([{ event: "change", value: [] }]);
});

test("files come to those that are there already", async () => {
  const sent: string[] = [];
  const upload = (file: File) => {
    sent.push(file.name);
    return { result: Promise.resolve(record(file.name, false)), progress: signal(1), cancel() {} };
  };
  const value = [picture("a.png", "One")];
  const shown = gallery({ value }, { upload });
  const files = [
    new File(["x"], "b.png", { type: "image/png" }),
    new File(["x"], "no.txt", { type: "text/plain" }),
    new File(["x"], "c.mp4", { type: "video/mp4" }),
  ];
  const dataTransfer = { types: ["Files"], items: [], files };
  await shown.fire(".nbb-gallery-box", Object.assign(new Event("drop", { bubbles: true }), { dataTransfer }));
  await settle();
  expect(sent.sort()).toEqual(["b.png", "c.mp4"]);
  const { event, value: after } = shown.reports[0]!;
  expect(event).toBe("upload");
  expect((after as object[]).map((item) => Object.keys(item)[0])).toEqual(["image", "image", "video"]);
  expect((after as { caption: unknown }[]).map((item) => item.caption)).toEqual(["One", null, null]);
  expect("data" in (after as { image: object }[])[0]!.image).toBe(false);
  expect(shown.all(".nbb-tile img").length).toBe(2);
});

test("pictures are fetched once they are in sight, a few at a time", async () => {
  let tell: (entries: object[]) => void = () => {};
  const seen: Element[] = [];
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      constructor(heard: typeof tell) {
        tell = heard;
      }
      observe(el: Element) {
        seen.push(el);
      }
      unobserve() {}
      disconnect() {}
    },
  );
  const asked: { path: string; end: (file: Blob) => void; cancel: () => void }[] = [];
  const fetch = (path: string) => {
    const one = { path, end: (_: Blob) => {}, cancel: vi.fn() };
    asked.push(one);
    const result = new Promise<Blob>((end) => {
      one.end = end;
    });
    return { result, progress: signal(0), cancel: one.cancel };
  };
  const value = Array.from({ length: 30 }, (_, at) => picture(`${at}.png`, null, false));
  const shown = gallery({ value, interactive: false }, { fetch });
  await settle();
  expect(asked).toEqual([]);
  expect(seen.length).toBe(30);
  const show = (at: number, isIntersecting: boolean) => tell([{ target: seen[at], isIntersecting }]);
  for (let at = 0; at < 6; at += 1) show(at, true);
  await settle();
  expect(asked.map((one) => one.path)).toEqual([5, 4, 3, 2].map((at) => value[at]!.image!.path));
  show(5, false);
  await settle();
  expect(asked[0]!.cancel).toHaveBeenCalled();
  expect(asked[4]!.path).toBe(value[1]!.image!.path);
  for (const one of asked) one.end(new Blob(["x"], { type: "image/png" }));
  await settle();
  expect(shown.all(".nbb-tile img").length).toBe(4);
  expect(asked[5]!.path).toBe(value[0]!.image!.path);
});

test("downloads go one after the other", async () => {
  const ends: (() => void)[] = [];
  const download = vi.fn(() => ({ result: new Promise<void>((end) => void ends.push(end)) }));
  const value = three();
  const shown = gallery({ value, interactive: false }, { download });
  shown.click('[aria-label="Download all"]');
  await settle();
  expect(download.mock.calls).toEqual([[value[0]!.image!.path, { name: "a.png" }]]);
  ends[0]!();
  await settle();
  expect(download.mock.calls.length).toBe(2);
});

test("columns and rows are given for each width", () => {
  const shown = gallery({ value: three(), columns: [1, 3], rows: [2] });
  const style = shown.find(".nbb-gallery-box").style;
  const all = (name: string) => Array.from({ length: 6 }, (_, at) => style.getPropertyValue(`--${name}-${at}`)).join();
  expect(all("columns")).toBe("1,3,3,3,3,3");
  expect(all("rows")).toBe("2,2,2,2,2,2");
  expect(style.getPropertyValue("--count")).toBe("3");
  expect(
    gallery({ value: three(), fit_columns: false }).find(".nbb-gallery-box").style.getPropertyValue("--count"),
  ).toBe("99");
});

test("the whole screen shows an entry, and turns to the next", () => {
  const shown = gallery({ value: three(), selected_index: 0 });
  shown.click('[aria-label="Full screen"]');
  expect(shown.find("dialog").getAttribute("aria-label")).toBe("One");
  shown.click('dialog [aria-label="Next"]');
  expect(shown.find("dialog").getAttribute("aria-label")).toBe("b.png");
  shown.click('[aria-label="Leave full screen"]');
  expect(shown.all("dialog")).toEqual([]);
  expect(opened(shown)).toEqual(["2 of 3: b.png"]);
});

test("one that is only looked at has no way in", () => {
  expect(gallery({ interactive: false }).all("input, button")).toEqual([]);
});

test("what lies elsewhere is shown from there, and opened to be saved", async () => {
  const away = "https://example.org/a.png";
  const open = vi.fn();
  vi.stubGlobal("open", open);
  const download = vi.fn();
  const fetch = vi.fn();
  const entry = { image: { ...record("a.png", false), path: away, url: away }, caption: null };
  const shown = gallery({ value: [entry], preview: true, interactive: false }, { download, fetch });
  await settle();
  expect(shown.find<HTMLImageElement>(".nbb-preview img").src).toBe(away);
  shown.click('[aria-label="Download"]');
  expect(open.mock.calls).toEqual([[away, "_blank", "noopener,noreferrer"]]);
  expect(download.mock.calls.length + fetch.mock.calls.length).toBe(0);
});
