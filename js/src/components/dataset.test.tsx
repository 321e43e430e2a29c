import { expect, test } from "vitest";
import { mount } from "../testing";
import Dataset from "./dataset";

test("rows of several inputs are a table, and a click reports the row", () => {
  const samples = [
    ["a", 1],
    ["b", 2],
  ];
  const shown = mount("dataset", Dataset as never, {
    components: ["textbox", "number"],
    samples,
    headers: ["Text", "N"],
  });
  expect(shown.all("th").map((one) => one.textContent)).toEqual(["Text", "N"]);
  shown.click(shown.all("tbody tr")[1]!);
  const data = { index: 1, value: ["b", 2] };
  expect(shown.reports).toEqual([
    { event: "click", value: 1, data },
    { event: "select", value: 1, data },
  ]);
});

test("samples of one input are buttons, page by page", () => {
  const samples = [["a"], ["b"], ["c"]];
  const shown = mount("dataset", Dataset as never, { components: ["textbox"], samples, samples_per_page: 2 });
  expect(shown.all(".nbb-sample").map((one) => one.textContent)).toEqual(["a", "b"]);
  shown.click('[aria-label="Next page"]');
  expect(shown.all(".nbb-sample").map((one) => one.textContent)).toEqual(["c"]);
  shown.click(".nbb-sample");
  expect(shown.reports[0]).toEqual({ event: "click", value: 2, data: { index: 2, value: "c" } });
});

test("the bytes of a picture are not sent back", () => {
  const file = { path: "/cache/a.png", url: null, data: new DataView(new ArrayBuffer(4)), mime_type: "image/png" };
  const shown = mount("dataset", Dataset as never, { components: ["image"], samples: [[file]] });
  expect(shown.find("img").getAttribute("src")).toMatch(/^blob:/);
  shown.click(".nbb-sample");
  expect(shown.reports[0]?.data).toEqual({
    index: 0,
    value: { path: "/cache/a.png", url: null, mime_type: "image/png" },
  });
});
