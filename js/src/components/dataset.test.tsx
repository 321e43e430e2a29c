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

test("a gallery shows its first pictures, other files go by name", () => {
  const picture = (name: string) => ({ image: { path: `/cache/${name}`, data: new DataView(new ArrayBuffer(4)) } });
  const file = { path: "/cache/abc/notes.txt", orig_name: "notes.txt" };
  const shown = mount("dataset", Dataset as never, {
    components: ["gallery", "file"],
    samples: [[[picture("a.png"), picture("b.png")], file]],
  });
  expect(shown.all("img")).toHaveLength(2);
  expect(shown.all("td")[1]?.textContent).toBe("notes.txt");
  shown.click("tbody tr");
  expect(shown.reports[0]?.data).toEqual({
    index: 0,
    value: [[{ image: { path: "/cache/a.png" } }, { image: { path: "/cache/b.png" } }], file],
  });
});

test("values of all kinds are put into words", () => {
  const table = { headers: ["a", "b"], data: [[1, 2]], metadata: null };
  const samples = [[true, ["x", "y"], table, { label: "cat", confidences: null }, null, "#ff0000"]];
  const components = ["checkbox", "checkboxgroup", "dataframe", "label", "textbox", "colorpicker"];
  const shown = mount("dataset", Dataset as never, { components, samples });
  expect(shown.all("td").map((one) => one.textContent?.trim())).toEqual(["✓", "x, y", "1 × 2", "cat", "", "#ff0000"]);
  expect(shown.find(".nbb-swatch").style.backgroundColor).toBe("#ff0000");
});

test("labels stand in place of the values, in both layouts", () => {
  const given = { components: ["textbox", "number"], samples: [["a", 1]], sample_labels: ["First"] };
  const pills = mount("dataset", Dataset as never, given);
  expect(pills.all(".nbb-sample").map((one) => one.textContent)).toEqual(["First"]);
  const table = mount("dataset", Dataset as never, { ...given, layout: "table" });
  expect(table.all("td").map((one) => one.textContent)).toEqual(["First"]);
});

test("a row is chosen with the keyboard", () => {
  const shown = mount("dataset", Dataset as never, { components: ["textbox", "number"], samples: [["a", 1]] });
  shown.fire("tbody tr", new KeyboardEvent("keydown", { key: "x", bubbles: true }));
  expect(shown.events()).toEqual([]);
  shown.fire("tbody tr", new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  expect(shown.events()).toEqual(["click", "select"]);
});

test("with fewer samples the last page is shown, and without any it says so", () => {
  const samples = [["a"], ["b"], ["c"]];
  const shown = mount("dataset", Dataset as never, { components: ["textbox"], samples, samples_per_page: 1 });
  shown.click('[aria-label="Next page"]');
  shown.click('[aria-label="Next page"]');
  shown.set("samples", [["a"], [""]]);
  expect(shown.find(".nbb-sample").textContent).toBe("empty");
  shown.set("samples", []);
  expect(shown.find(".nbb-samples").textContent).toContain("No samples");
});
