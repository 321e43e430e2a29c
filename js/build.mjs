// Builds nbblocks/static: bundle.js (all that every app needs, style sheets inside), loader.js (the root's own module)
// and one file for each of src/chunks, which pages load when a block needs it.
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));

/** `virtual:fronts`: every component and layout, by file name, so that none has to be listed. */
const fronts = {
  name: "fronts",
  setup(build) {
    build.onResolve({ filter: /^virtual:fronts$/ }, () => ({ path: "fronts", namespace: "fronts" }));
    build.onLoad({ filter: /.*/, namespace: "fronts" }, async () => {
      const files = [];
      for (const folder of ["src/components", "src/layout"]) {
        for (const name of (await readdir(resolve(here, folder))).sort()) {
          if (name.endsWith(".tsx") && !name.endsWith(".test.tsx")) files.push(`${folder}/${name}`);
        }
      }
      const imports = files.map((file, i) => `import f${i} from ${JSON.stringify(`./${file}`)};`);
      const entries = files.map((file, i) => `${JSON.stringify(basename(file, ".tsx"))}: f${i}`);
      return {
        contents: `${imports.join("\n")}\nexport const fronts = {${entries.join(", ")}};`,
        resolveDir: here,
        watchDirs: [resolve(here, "src/components"), resolve(here, "src/layout")],
      };
    });
  },
};

/** A style sheet becomes text in the bundle: a widget has one file. */
const styles = {
  name: "styles",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await esbuild.transform(await readFile(path, "utf8"), { loader: "css", minify: true });
      const sheets = JSON.stringify(resolve(here, "src/runtime/sheets.ts"));
      return {
        contents: `import { add } from ${sheets};\nadd(${JSON.stringify(code.trim())});`,
        loader: "js",
        resolveDir: dirname(path),
        watchFiles: [path],
      };
    });
  },
};

/** Fonts that a library's style sheet would fetch: there is no server to ask, a chunk brings those it needs as bytes. */
const FONT_FACE = /@font-face\s*\{[^}]*\}/g;

/** A chunk's style sheet, imported with `?inline`, is text that it exports as `css`. */
const inlineStyles = {
  name: "inline-styles",
  setup(build) {
    build.onResolve({ filter: /\.css\?inline$/ }, async ({ path, resolveDir, kind }) => {
      const found = await build.resolve(path.replace(/\?inline$/, ""), { resolveDir, kind });
      return { ...found, namespace: "inline-styles" };
    });
    build.onLoad({ filter: /.*/, namespace: "inline-styles" }, async ({ path }) => {
      const text = (await readFile(path, "utf8")).replace(FONT_FACE, "");
      const { code } = await esbuild.transform(text, { loader: "css", minify: true });
      return { contents: code.trim(), loader: "text", watchFiles: [path] };
    });
  },
};

/** A page has one Preact, the bundle's: a chunk takes elements and plain values. */
const noFramework = {
  name: "no-framework",
  setup(build) {
    build.onResolve({ filter: /^(preact|@preact\/signals)(\/|$)/ }, ({ path, importer }) => ({
      errors: [{ text: `a chunk must not bring a second ${path}, and ${importer} imports it` }],
    }));
  },
};

/** Says how large each file is, as it is and compressed. */
const sizes = {
  name: "sizes",
  setup(build) {
    build.onEnd(async ({ errors, metafile }) => {
      if (errors.length) return;
      for (const file of Object.keys(metafile.outputs).sort()) {
        const text = await readFile(resolve(here, file));
        const [whole, packed] = [text, gzipSync(text, { level: 9 })].map((one) => (one.length / 1000).toFixed(1));
        console.log(`${basename(file).padEnd(16)} ${whole.padStart(8)} kB ${packed.padStart(8)} kB gzipped`);
      }
    });
  },
};

const shared = {
  absWorkingDir: here,
  outdir: "../nbblocks/static",
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  metafile: true,
  legalComments: "none",
  charset: "utf8",
  define: { "process.env.NODE_ENV": '"production"' },
  logLevel: "warning",
};

const main = {
  ...shared,
  entryPoints: { bundle: "src/index.tsx", loader: "src/loader.ts" },
  jsx: "automatic",
  jsxImportSource: "preact",
  plugins: [fronts, styles, sizes],
};

const chunks = {
  ...shared,
  entryPoints: (await readdir(resolve(here, "src/chunks")))
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => `src/chunks/${name}`),
  outbase: "src/chunks",
  loader: { ".woff2": "binary" },
  plugins: [noFramework, inlineStyles, sizes],
};

if (process.argv.includes("--watch")) {
  for (const options of [main, chunks]) await (await esbuild.context(options)).watch();
} else {
  for (const options of [main, chunks]) await esbuild.build(options);
}
