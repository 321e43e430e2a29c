import { signal } from "@preact/signals";
import { expect, test, vi } from "vitest";
import { mount, settle } from "../testing";
import DownloadButton from "./downloadbutton";

const value = { path: "/cache/a.txt", orig_name: "a.txt" };

test("the file is saved before the click is reported", async () => {
  let finish = () => {};
  const result = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const download = vi.fn(() => ({ result, progress: signal(0.5), cancel() {} }));
  const shown = mount("downloadbutton", DownloadButton as never, { value }, { download } as never);
  await shown.click("button");
  expect(download).toHaveBeenCalledWith("/cache/a.txt", { name: "a.txt" });
  expect(shown.events()).toEqual([]);
  finish();
  await settle();
  expect(shown.events()).toEqual(["click"]);
});

test("without a file only the click is reported", async () => {
  const shown = mount("downloadbutton", DownloadButton as never);
  await shown.click("button");
  expect(shown.events()).toEqual(["click"]);
});
