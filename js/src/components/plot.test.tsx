import { signal } from "@preact/signals";
import { afterEach, expect, test, vi } from "vitest";
import { isOpen } from "../chunks/vega";
import type { Look } from "../looks";
import { dressed, painted, plotlyDrawer } from "../plotting";
import { mount, settle } from "../testing";
import Plot from "./plot";

const look: Look = {
  dark: true,
  fg: "rgb(1, 1, 1)",
  muted: "rgb(2, 2, 2)",
  grid: "rgb(3, 3, 3)",
  border: "rgb(4, 4, 4)",
  surface: "rgb(5, 5, 5)",
  accent: "rgb(6, 6, 6)",
  font: "Sans",
};
const figure = (title: string) => ({ type: "plotly", plot: JSON.stringify({ data: [], layout: { title } }) });
const plot = (value: unknown, modules: Record<string, object> = {}, app = {}) => {
  const chunks = new Map(Object.entries(modules).map(([name, module]) => [name, signal({ module })]));
  const nothing = signal({});
  return mount(
    "plot",
    Plot as never,
    { value },
    { chunk: ((name: string) => chunks.get(name) ?? nothing) as never, ...app },
  );
};

/** The library plotly: it writes down what it is asked to draw. */
function fakePlotly() {
  const drawn: { title: unknown; end: () => void }[] = [];
  const plotly = {
    react: vi.fn(
      (_: HTMLElement, { layout }: { layout: { title: unknown } }) =>
        new Promise<void>((end) => void drawn.push({ title: layout.title, end })),
    ),
    purge: vi.fn(),
    Plots: { resize: vi.fn(async () => undefined as unknown) },
  };
  return { drawn, plotly, titles: () => drawn.map((one) => one.title) };
}

afterEach(() => vi.restoreAllMocks());

test("a figure of matplotlib is a picture as wide as it was made", () => {
  const record = {
    path: "/cache/plot.webp",
    url: null,
    data: new DataView(new ArrayBuffer(4)),
    mime_type: "image/webp",
  };
  const shown = plot({ type: "matplotlib", plot: record, width: 640 });
  expect(shown.find("img").getAttribute("src")).toMatch(/^blob:/);
  expect(shown.find("img").getAttribute("width")).toBe("640");
  shown.click('[aria-label="Full screen"]');
  expect(shown.all("dialog img").length).toBe(1);
});

test("a figure that lives in the page waits for its library", async () => {
  const shown = plot(figure("a"));
  expect(shown.find('[role="status"]').getAttribute("aria-label")).toBe("Loading");
  const { plotly, drawn, titles } = fakePlotly();
  const there = plot(figure("a"), { plotly: { plotly } });
  await settle();
  expect(titles()).toEqual(["a"]);
  expect(there.all('[role="status"]').length).toBe(1);
  drawn[0]!.end();
  await settle();
  expect(there.all('[role="status"]')).toEqual([]);
});

test("of figures that come while one is drawn, the last is drawn next", async () => {
  const { plotly, drawn, titles } = fakePlotly();
  const shown = plot(figure("a"), { plotly: { plotly } });
  await settle();
  for (const title of ["b", "c"]) shown.set("value", figure(title));
  await settle();
  expect(titles()).toEqual(["a"]);
  drawn[0]!.end();
  await settle();
  expect(titles()).toEqual(["a", "c"]);
  drawn[1]!.end();
  await settle();
  shown.unmount();
  expect(plotly.purge).toHaveBeenCalledOnce();
});

test("one that goes while it is drawn is taken away afterwards", async () => {
  const { plotly, drawn } = fakePlotly();
  const shown = plot(figure("a"), { plotly: { plotly } });
  await settle();
  shown.unmount();
  expect(plotly.purge).not.toHaveBeenCalled();
  drawn[0]!.end();
  await settle();
  expect(plotly.purge).toHaveBeenCalledOnce();
});

test("what cannot be drawn says why, and the next one is drawn", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const { plotly, drawn } = fakePlotly();
  plotly.react.mockRejectedValueOnce(new Error("no such trace"));
  const shown = plot(figure("a"), { plotly: { plotly } });
  await settle();
  expect(shown.find('[role="alert"]').textContent).toBe("This plot could not be drawn: no such trace");
  shown.set("value", figure("b"));
  await settle();
  drawn[0]!.end();
  await settle();
  expect(shown.all('[role="alert"]')).toEqual([]);
});

test("a chart that has gone from the page as its width changes is left alone", async () => {
  const { plotly } = fakePlotly();
  const refused = Promise.reject(new Error("Resize must be passed a displayed plot div element."));
  const handled = vi.spyOn(refused, "catch");
  plotly.Plots.resize.mockReturnValueOnce(refused);
  plotlyDrawer({ plotly }, document.createElement("div")).resize?.();
  expect(handled).toHaveBeenCalledOnce();
});

test("another kind of figure has another library", async () => {
  const { plotly, drawn } = fakePlotly();
  const root = { remove: vi.fn(), model: { document: 1 } };
  const bokeh = { embed: { embed_item: vi.fn(async () => ({ roots: [root] })) }, documents: [0, 1, 2] };
  const mathjax = { add: vi.fn() };
  const shown = plot(figure("a"), { plotly: { plotly }, bokeh: { bokeh }, "bokeh-mathjax": mathjax });
  await settle();
  drawn[0]!.end();
  await settle();
  shown.set("value", { type: "bokeh", plot: JSON.stringify({ doc: { roots: [] } }) });
  await settle();
  expect(plotly.purge).toHaveBeenCalledOnce();
  expect(bokeh.embed.embed_item).toHaveBeenCalledOnce();
  expect(mathjax.add).not.toHaveBeenCalled();
  shown.set("value", null);
  expect(root.remove).toHaveBeenCalledOnce();
  expect(bokeh.documents).toEqual([0, 2]);
  expect(shown.find('[role="img"]').getAttribute("aria-label")).toBe("No plot");
  shown.set("value", { type: "bokeh", plot: JSON.stringify({ title: "$$x^2$$" }) });
  await settle();
  expect(mathjax.add).toHaveBeenCalledWith(bokeh);
});

test("plotly's own template gets the page's colours, one that the author chose keeps its own", () => {
  const usual = {
    template: { data: {}, layout: { plot_bgcolor: "#E5ECF6", xaxis: { automargin: true } } },
    title: "A",
  };
  const { template, title } = dressed(usual, look) as { template: { layout: Record<string, unknown> }; title: string };
  expect(title).toBe("A");
  expect(template.layout.font).toEqual({ color: look.fg, family: "Sans" });
  expect(template.layout.xaxis).toEqual({
    automargin: true,
    gridcolor: look.grid,
    linecolor: look.border,
    zerolinecolor: look.border,
  });
  const light = dressed(usual, { ...look, dark: false }) as typeof usual;
  expect(light.template.layout.plot_bgcolor).toBe("#E5ECF6");
  const chosen = { template: { layout: { plot_bgcolor: "#111" } } };
  expect(dressed(chosen, look)).toBe(chosen);
});

test("a bokeh figure gets the page's colours where the author chose none", () => {
  const grid = { type: "object", name: "Grid", id: "2" };
  const title = { type: "object", name: "Title", id: "3", attributes: { text_color: "red" } };
  const root = { type: "object", name: "Figure", id: "1", attributes: { center: [grid], title } };
  painted(root, look);
  expect(root.attributes).toMatchObject({ background_fill_color: null, outline_line_color: look.grid });
  expect(grid).toMatchObject({ attributes: { grid_line_color: look.grid } });
  expect(title.attributes.text_color).toBe("red");
  const own = { type: "object", name: "Grid", id: "2", attributes: {} };
  painted(
    { type: "object", name: "Figure", id: "1", attributes: { background_fill_color: "white", center: [own] } },
    look,
  );
  expect(own.attributes).toEqual({ grid_line_color: "#e5e5e5" });
});

test.each([
  [{ mark: "bar" }, true],
  [{ layer: [] }, true],
  [{ mark: "bar", width: 200 }, false],
  [{ mark: "bar", encoding: { column: {} } }, false],
  [{ hconcat: [] }, false],
  [{ $schema: "https://vega.github.io/schema/vega/v6.json", mark: "bar" }, false],
])("a chart of altair is as wide as its place if its width is open: %o", (spec, open) => {
  expect(isOpen(spec)).toBe(open);
});
