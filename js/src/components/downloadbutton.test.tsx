import { signal } from "@preact/signals";
import { expect, test, vi } from "vitest";
import { mount, settle } from "../testing";
import DownloadButton from "./downloadbutton";

const value = { path: "/cache/a.txt", orig_name: "a.txt", size: 5 };

function downloading(given: object = { value }) {
  const progress = signal(0.5);
  const ends: { finish(): void; fail(error: Error): void }[] = [];
  const cancel = vi.fn(() => ends.at(-1)!.fail(new DOMException("cancelled", "AbortError")));
  const download = vi.fn(() => {
    const result = new Promise<void>((finish, fail) => ends.push({ finish, fail }));
    return { result, progress, cancel };
  });
  const shown = mount("downloadbutton", DownloadButton as never, { label: "Get it", ...given }, { download } as never);
  const end = async (how: (one: (typeof ends)[0]) => void) => {
    how(ends.at(-1)!);
    await settle();
  };
  return { ...shown, download, cancel, progress, end, main: () => shown.find<HTMLButtonElement>(".nbb-press") };
}

test("the file is saved before the click is reported", async () => {
  const shown = downloading(); // CP-80
  await shown.click(".nbb-press");
  expect(shown.download).toHaveBeenCalledWith("/cache/a.txt", { name: "a.txt", size: 5 });
  expect(shown.events()).toEqual([]);
  await shown.end((one) => one.finish());
  expect(shown.events()).toEqual(["click"]);
});

test("without a file only the click is reported", async () => {
  const shown = downloading({}); // CP-80
  await shown.click(".nbb-press");
  expect(shown.events()).toEqual(["click"]);
  expect(shown.download).not.toHaveBeenCalled();
});

test("a file of a folder is saved under its own name", async () => {
  const shown = downloading({ value: { path: "/cache/a.txt", orig_name: "trip/a.txt" } });
  await shown.click(".nbb-press");
  expect(shown.download).toHaveBeenCalledWith("/cache/a.txt", { name: "a.txt" });
});

test("it shows how far it has come, and is not pressed twice", async () => {
  const shown = downloading(); // CP-80
  await shown.click(".nbb-press");
  expect(shown.main().textContent).toBe("Downloading 50\u00a0%");
  shown.progress.value = 0.759;
  await settle();
  expect(shown.main().textContent).toBe("Downloading 75\u00a0%");
  await shown.click(".nbb-press");
  expect(shown.download).toHaveBeenCalledOnce();
  await shown.end((one) => one.finish());
  expect(shown.main().textContent).toBe("Get it");
});

test("it can be given up, and then there was no click", async () => {
  const shown = downloading(); // CP-80
  await shown.click(".nbb-press");
  await shown.click("[aria-label='Cancel the download']");
  await settle();
  expect(shown.cancel).toHaveBeenCalledOnce();
  expect(shown.events()).toEqual([]);
  expect(document.activeElement).toBe(shown.main());
  await shown.click(".nbb-press");
  await shown.end((one) => one.finish());
  expect(shown.events()).toEqual(["click"]); // it can be tried again
});

test("a download that fails is no click", async () => {
  const shown = downloading();
  await shown.click(".nbb-press");
  await shown.end((one) => one.fail(new Error("gone")));
  expect(shown.events()).toEqual([]);
  expect(shown.main().textContent).toBe("Get it");
});

test("a button that is not interactive does nothing, and label and file may change together", async () => {
  const shown = downloading({ interactive: false });
  expect(shown.main().disabled).toBe(true);
  await shown.set("interactive", true);
  await shown.set("label", "Other");
  await shown.set("value", { path: "/cache/b.txt", orig_name: "b.txt" });
  await shown.click(".nbb-press");
  expect(shown.download).toHaveBeenCalledWith("/cache/b.txt", { name: "b.txt" }); // CP-80
  await shown.end((one) => one.finish());
  expect(shown.main().textContent).toBe("Other");
});
