// Builds nbblocks/static:
//   bundle.js   what every app needs: runtime, layout, form components, style sheets inside
//   loader.js   the root's own module
//   handle.js   that of a widget that stands for one block
//   <part>.js   the fronts of PARTS, loaded when an app has a block of theirs; parts.json tells which are where
//   <chunk>.js  one for each file of src/chunks, loaded when a block asks for it
import { mkdir, readdir, readFile, watch, writeFile } from "node:fs/promises";
import { basename, dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(here, "../nbblocks/static");

/** Components that are not in the bundle, which is to stay small. A new one is, unless it is named here. */
const PARTS = {
  media: "annotatedimage audio file fileexplorer gallery image imageeditor imageslider model3d video".split(" "),
  data: "code dataframe dataset highlightedtext html json label markdown nativeplot paramviewer plot".split(" "),
  chat: "chatbot multimodaltextbox".split(" "),
  own: ["custom", "widget"],
  picking: ["colorpicker", "datetime"],
};

/** What is drawn beside the blocks, and seldom; by the part it comes with. */
const BESIDE = { data: { showing: "src/runtime/showing.tsx" } };

const FRAMEWORK = /^(preact|@preact\/signals)(\/|$)/;
/** Fonts that a library's style sheet would fetch: there is no server to ask, a chunk brings those it needs as bytes. */
const FONT_FACE = /@font-face\s*\{[^}]*\}/g;

const minified = async (css) => (await esbuild.transform(css, { loader: "css", minify: true })).code.trim();

/** Every component and layout, by file name, so that none has to be listed. */
async function allFronts() {
  const files = {};
  for (const folder of ["src/components", "src/layout"]) {
    for (const name of (await readdir(resolve(here, folder))).sort()) {
      if (name.endsWith(".tsx") && !name.endsWith(".test.tsx")) files[basename(name, ".tsx")] = `${folder}/${name}`;
    }
  }
  return files;
}

/** Source of a module that exports these fronts as `fronts`. */
function frontsSource(files) {
  const entries = Object.entries(files);
  const imports = entries.map(([, file], i) => `import f${i} from ${JSON.stringify(`./${file}`)};`);
  const names = entries.map(([name], i) => `${JSON.stringify(name)}: f${i}`);
  return `${imports.join("\n")}\nexport const fronts = {${names.join(", ")}};`;
}

/** Modules by name whose text is made here: `{"virtual:x": () => text}`. */
const virtual = (texts) => ({
  name: "virtual",
  setup(build) {
    build.onResolve({ filter: /^virtual:/ }, ({ path }) => ({ path, namespace: "virtual" }));
    build.onLoad({ filter: /.*/, namespace: "virtual" }, ({ path }) => ({ contents: texts[path], resolveDir: here }));
  },
});

/** A style sheet becomes text in the bundle: a widget has one file. */
const styles = {
  name: "styles",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const sheets = JSON.stringify(resolve(here, "src/runtime/sheets.ts"));
      const text = JSON.stringify(await minified(await readFile(path, "utf8")));
      return { contents: `import { add } from ${sheets};\nadd(${text});`, loader: "js", resolveDir: dirname(path) };
    });
  },
};

/** A chunk's style sheet, imported with `?inline`, is text that it exports as `css`. */
const inlineStyles = {
  name: "inline-styles",
  setup(build) {
    build.onResolve({ filter: /\.css\?inline$/ }, async ({ path, resolveDir, kind }) => {
      const found = await build.resolve(path.replace(/\?inline$/, ""), { resolveDir, kind });
      return { ...found, namespace: "inline-styles" };
    });
    build.onLoad({ filter: /.*/, namespace: "inline-styles" }, async ({ path }) => {
      return { contents: await minified((await readFile(path, "utf8")).replace(FONT_FACE, "")), loader: "text" };
    });
  },
};

/** A page has one Preact, the bundle's: a chunk takes elements and plain values. */
const noFramework = {
  name: "no-framework",
  setup(build) {
    build.onResolve({ filter: FRAMEWORK }, ({ path, importer }) => ({
      errors: [{ text: `a chunk must not bring a second ${path}, and ${importer} imports it` }],
    }));
  },
};

/** What the bundle has too, a part takes from there; `needed` collects the names. */
const fromBundle = (inside, needed) => ({
  name: "from-bundle",
  setup(build) {
    const external = (path) => {
      needed.add(path);
      return { path, external: true };
    };
    build.onResolve({ filter: FRAMEWORK }, ({ path }) => external(path));
    build.onResolve({ filter: /^\.{0,2}\// }, async ({ path, resolveDir, kind, pluginData }) => {
      if (pluginData === "asked") return undefined;
      const found = await build.resolve(path, { resolveDir, kind, pluginData: "asked" });
      const file = relative(here, found.path);
      if (found.errors.length || !inside.has(file)) return found;
      return file.endsWith(".css") ? { path: file, namespace: "there" } : external(file);
    });
    build.onLoad({ filter: /.*/, namespace: "there" }, () => ({ contents: "" }));
  },
});

const shared = {
  absWorkingDir: here,
  outdir: out,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  metafile: true,
  legalComments: "none",
  charset: "utf8",
  jsx: "automatic",
  jsxImportSource: "preact",
  define: { "process.env.NODE_ENV": '"production"' },
  logLevel: "warning",
};

/** The bundle and the parts, which belong to each other: a part asks the bundle for what both use. */
async function buildFronts() {
  const core = await allFronts();
  const parts = {};
  const places = {};
  for (const [part, names] of Object.entries(PARTS)) {
    for (const name of names.filter((one) => one in core)) {
      parts[part] = { ...parts[part], [name]: core[name] };
      places[name] = part;
      delete core[name];
    }
  }
  for (const [part, files] of Object.entries(BESIDE)) {
    Object.assign(parts[part], files);
    for (const name of Object.keys(files)) places[name] = part;
  }
  const bundle = (needed, write) => {
    const list = [...needed].sort();
    const imports = list.map((name, i) => `import * as m${i} from ${JSON.stringify(nameOf(name))};`);
    const texts = {
      "virtual:fronts": `${frontsSource(core)}\nexport const parts = ${JSON.stringify(places)};`,
      "virtual:shared": `${imports.join("\n")}\nexport const shared = {${list.map((name, i) => `${JSON.stringify(name)}: m${i}`)}};`,
    };
    const entryPoints = { bundle: "src/index.tsx", loader: "src/loader.ts", handle: "src/handle.ts" };
    return esbuild.build({ ...shared, entryPoints, plugins: [virtual(texts), styles], write });
  };
  const { metafile } = await bundle([], false);
  const inside = new Set(Object.keys(metafile.inputs));
  const needed = new Set();
  const built = [];
  for (const [part, files] of Object.entries(parts)) {
    const options = {
      entryPoints: { [part]: "virtual:part" },
      format: "cjs",
      banner: { js: "export default function(require){const module={exports:{}};" },
      footer: { js: "return module.exports}" },
      plugins: [virtual({ "virtual:part": frontsSource(files) }), fromBundle(inside, needed), styles],
    };
    built.push(await esbuild.build({ ...shared, ...options }));
  }
  await mkdir(out, { recursive: true });
  await writeFile(resolve(out, "parts.json"), JSON.stringify(places));
  return [await bundle(needed, true), ...built];
}

/** An import's name: of our own files, which are named from here, or of a package. */
function nameOf(name) {
  return FRAMEWORK.test(name) ? name : `./${name}`;
}

async function buildChunks() {
  const entryPoints = (await readdir(resolve(here, "src/chunks")))
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => `src/chunks/${name}`);
  const twice = entryPoints.find((file) => basename(file, ".ts") in PARTS);
  if (twice) throw new Error(`${twice} has the name of a part: call it something else`);
  const options = { outbase: "src/chunks", loader: { ".woff2": "binary" }, plugins: [noFramework, inlineStyles] };
  return esbuild.build({ ...shared, ...options, entryPoints });
}

/** Build all, and say how large each file is, as it is and compressed. */
async function build() {
  for (const { metafile } of [...(await buildFronts()), await buildChunks()]) {
    for (const file of Object.keys(metafile.outputs).sort()) {
      const text = await readFile(resolve(here, file));
      const [whole, packed] = [text, gzipSync(text, { level: 9 })].map((one) => (one.length / 1000).toFixed(1));
      console.log(`${basename(file).padEnd(16)} ${whole.padStart(8)} kB ${packed.padStart(8)} kB gzipped`);
    }
  }
}

await build();
if (process.argv.includes("--watch")) {
  let waiting;
  for await (const _ of watch(resolve(here, "src"), { recursive: true })) {
    clearTimeout(waiting);
    waiting = setTimeout(() => build().catch(() => {}), 100); // esbuild has said what is wrong
  }
}
