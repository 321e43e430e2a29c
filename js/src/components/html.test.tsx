// @vitest-environment jsdom
// happy-dom's parser is not one that a sanitiser can be tested on.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates of authors are texts with placeholders.
import { signal } from "@preact/signals";
import { expect, test, vi } from "vitest";
import * as handlebars from "../chunks/handlebars";
import * as html from "../chunks/html";
import { Company } from "../runtime/company";
import { mount, settle } from "../testing";
import Html from "./html";

const modules: Record<string, unknown> = { html, handlebars };
const CLICKS = "element.addEventListener('click', function() { trigger('click') });";

function show(given: Record<string, unknown> = {}, more = {}) {
  const asked: string[] = [];
  const chunk = (name: string) => {
    asked.push(name);
    return signal({ module: modules[name] });
  };
  const app = { chunk, ...more } as never;
  return { ...mount("html", Html as never, { props: {}, server_functions: [], tools: 0, ...given }, app), asked };
}
const body = (shown: ReturnType<typeof show>) => shown.find(".nbb-html-body");
const text = (shown: ReturnType<typeof show>) => body(shown).textContent?.replace(/\s+/g, " ").trim();

test("without a template styles stay and script goes", () => {
  const shown = show({ value: '<b style="color: red" onclick="alert(1)">x</b><script>1</script>' });
  expect(body(shown).querySelector("b")?.style.color).toBe("red");
  expect(body(shown).innerHTML).not.toMatch(/onclick|script/);
  expect(shown.asked).toEqual(["html"]);
});

test("nothing is loaded for nothing", () => {
  expect(show({ value: null }).asked).toEqual([]);
});

test("expressions are filled with values by name, and again when one changes", () => {
  const shown = show({
    html_template: "<ul class='${kind}'>${value.map((one) => `<li>${one}</li>`).join('')}</ul>",
    value: ["a", "b"],
    props: { kind: "fruits" },
  });
  expect(body(shown).innerHTML).toBe('<ul class="fruits"><li>a</li><li>b</li></ul>');
  const first = shown.find("li");
  shown.set("value", ["a", "c"]);
  shown.set("props", { kind: "nuts" });
  expect(text(shown)).toBe("ac");
  expect(shown.find("ul").className).toBe("nuts");
  expect(shown.find("li")).toBe(first); // what is the same stays
});

test.each([
  ["<p>${value}</p>", "<img src=x onerror=alert(1)>"],
  ["<img alt='${value}'>", "' onerror='alert(1)"],
  ["<img alt=${value}>", "x onerror=alert(1)"],
  ["<a href='${value}'>x</a>", "java\nscript:alert(1)"],
  ["<p>{{value}}</p>", "<img src=x onerror=alert(1)>"],
  ["<p>{{{value}}}</p>", "<img src=x onerror=alert(1)><script>alert(1)</script>"],
  ["<p>{{& value}}</p>", "<img src=x onerror=alert(1)>"],
  ["<p>${value}</p>{{#if value}}!{{/if}}", "{{{constructor}}}${alert(1)}`"],
])("a value is text in the template %s", (html_template, value) => {
  const alert = vi.spyOn(window, "alert").mockReturnValue();
  const shown = show({ html_template, value });
  for (const element of body(shown).querySelectorAll("*")) {
    for (const { name, value } of element.attributes)
      expect(name.startsWith("on") && value.includes("alert")).toBe(false);
    expect(element.getAttribute("href")).toBeNull();
  }
  expect(body(shown).querySelector("script")).toBeNull();
  expect(alert).not.toHaveBeenCalled();
});

test("Handlebars repeats, chooses, and takes cleaned markup in three braces", () => {
  const shown = show({
    html_template: "{{#each value}}<i>{{@index}}:{{this}}</i>{{/each}}{{#if on}}on{{/if}}{{{note}}}",
    value: ["a", "<b>"],
    props: { on: true, note: "<u onclick='x()'>u</u>" },
  });
  expect(body(shown).innerHTML).toBe("<i>0:a</i><i>1:&lt;b&gt;</i>on<u>u</u>");
  expect(new Set(shown.asked)).toEqual(new Set(["html", "handlebars"]));
});

test("style is of the block alone, and a value in it cannot leave its place", () => {
  const shown = show({
    html_template: "<b>x</b>",
    css_template: "b { color: ${color}; }",
    props: { color: "red; } body { display: none" },
  });
  const sheet = shown.find("style").textContent;
  expect(sheet).toBe(
    `.nbb .nbb-html-body[data-html="${shown.node.domId}"] {\nb { color: red  body  display: none; }\n}`,
  );
});

test("what is wrong in a template is said", () => {
  vi.spyOn(console, "error").mockReturnValue();
  const shown = show({ html_template: "${nobody}", value: 1 });
  expect(shown.find('[role="alert"]').textContent).toBe("html_template: nobody is not defined");
  shown.set("html_template", "${value}!");
  expect(shown.find('[role="alert"]').textContent).toBe("");
});

test("the script fires events, and sets the value and other values", async () => {
  const shown = show({
    html_template: "<button>${value} of ${most}</button>",
    js_on_load: `
      element.querySelector("button").addEventListener("click", () => {
        props.value = props.value + 1;
        props.most = 9;
        trigger("pressed", { count: props.value });
      });`,
    value: 1,
    props: { most: 5 },
  });
  await settle();
  expect(text(shown)).toBe("1 of 5");
  shown.click("button");
  await settle();
  expect(text(shown)).toBe("2 of 9");
  expect(shown.reports).toEqual([
    { event: "change", value: 2 },
    { event: "pressed", data: { count: 2 } },
  ]);
  shown.click("button"); // the button is the same one still
  await settle();
  expect(text(shown)).toBe("3 of 9");
});

test("texts keep their length, and nothing is an empty text", () => {
  const shown = show({ html_template: "${value}: ${value.length}", value: "<b>" });
  expect(text(shown)).toBe("<b>: 3");
  shown.set("value", null);
  expect(text(shown)).toBe(": 0");
});

test("a list that the script has changed in place is news when it is set", async () => {
  const shown = show({
    html_template: "<p>${done.length} ${value.length}</p>",
    js_on_load: `element.addEventListener("mine", () => {
      props.done.push(1); props.done = [...props.done];
      props.value.push(2); props.value = [...props.value];
    });`,
    value: [],
    props: { done: [] },
  });
  await settle();
  shown.fire(body(shown), new Event("mine"));
  await settle();
  expect(text(shown)).toBe("1 1");
  expect(shown.reports).toEqual([{ event: "change", value: [2] }]);
});

test("the script is told of what the kernel changes, and not of its own", async () => {
  const shown = show({
    html_template: "<b>${value}</b>",
    js_on_load: `
      watch(["value"], () => trigger("saw", { value: props.value, shown: element.textContent }));
      element.addEventListener("mine", () => { props.value = 7; });`,
    value: 1,
  });
  await settle();
  shown.set("value", 5);
  expect(shown.reports).toEqual([{ event: "saw", data: { value: 5, shown: "5" } }]);
  shown.fire(body(shown), new Event("mine"));
  await settle();
  expect(shown.events()).toEqual(["saw", "change"]);
});

test("what is typed inside stays while other properties and its own value arrive", async () => {
  const shown = show({
    html_template: "<input value='${value}' class='${look}'><p>${value.length} letters</p>",
    js_on_load:
      "element.querySelector('input').addEventListener('input', (e) => { props.value = e.target.value.trim(); });",
    value: "",
    props: { look: "a" },
  });
  await settle();
  const input = shown.find<HTMLInputElement>("input");
  input.focus();
  shown.type("input", "hello ");
  await settle();
  shown.set("props", { look: "b" });
  expect([input.isConnected, input.value, input.className]).toEqual([true, "hello ", "b"]);
  expect(text(shown)).toBe("5 letters");
  input.blur();
  shown.set("value", "kernel");
  expect(input.value).toBe("kernel");
});

test("the script can ask functions of the kernel, and send files", async () => {
  const ask = vi.fn(async () => ["a.txt"]);
  const upload = vi.fn(() => ({ result: Promise.resolve({ path: "/cache/a.txt", url: "u" }) }));
  const shown = show(
    {
      html_template: "<p></p>",
      js_on_load: `(async () => {
        const files = await server.files("/");
        const { path } = await upload(new File([], "a.txt"));
        trigger("done", { files, path });
      })()`,
      server_functions: ["files"],
    },
    { ask, upload },
  );
  await settle();
  expect(ask).toHaveBeenCalledWith({ function: "files", arguments: ["/"] });
  expect(shown.reports).toEqual([{ event: "done", data: { files: ["a.txt"], path: "/cache/a.txt" } }]);
});

test("a script that fails is said to have", async () => {
  vi.spyOn(console, "error").mockReturnValue();
  const shown = show({ html_template: "x", js_on_load: "nobody()" });
  await settle();
  expect(shown.find('[role="alert"]').textContent).toBe("js_on_load: nobody is not defined");
});

test("markup for the page's head comes there once", async () => {
  const head =
    '<style id="of-a-library">b { color: red }</style><script>window.counted = (window.counted ?? 0) + 1</script>';
  const given = { html_template: "x", head, js_on_load: "trigger('ran')" };
  const both = [show(given), show(given)];
  await vi.waitFor(() => expect(both.map((one) => one.events())).toEqual([["ran"], ["ran"]]));
  expect(document.head.querySelectorAll("#of-a-library").length).toBe(1);
});

test("it looks like prose unless that is not wanted, and may have a caption", () => {
  expect(body(show({ value: "x" })).classList.contains("nbb-prose")).toBe(true);
  const shown = show({ value: "x", apply_default_css: false, label: "Note", show_label: true });
  expect(body(shown).classList.contains("nbb-prose")).toBe(false);
  expect(shown.find(".nbb-caption").textContent).toBe("Note");
});

test("a click anywhere is one, as long as the script is not the author's", () => {
  const box = (js_on_load: string | null) => {
    const emit = vi.fn();
    const made = Html.box!({ props: { js_on_load }, emit } as never);
    made?.onClick?.(new MouseEvent("click") as never);
    return emit.mock.calls;
  };
  expect([box(CLICKS), box(null), box("trigger('click')")]).toEqual([[["click"]], [], []]);
});

// TR-50 TR-51
test("the address of an upload is good until the last view of the app has gone", async () => {
  const [made, freed] = [vi.fn(() => "blob:it"), vi.fn()];
  vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: made, revokeObjectURL: freed }));
  const [company, other] = [new Company(), new AbortController()];
  company.join(other.signal);
  const upload = () => ({ result: Promise.resolve({ path: "/cache/a.txt", url: null }) });
  const js_on_load = "upload(new File([], 'a.txt')).then(({ url }) => trigger('click', { url }))";
  const shown = show({ html_template: "<b>x</b>", js_on_load }, { upload, company });
  await settle();
  await vi.waitFor(() => expect(shown.reports).toMatchObject([{ data: { url: "blob:it" } }]));
  shown.unmount();
  expect(freed).not.toHaveBeenCalled();
  other.abort();
  expect(freed).toHaveBeenCalledWith("blob:it");
  vi.unstubAllGlobals();
});
