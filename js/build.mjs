// Builds nbblocks/static/bundle.js (the whole front-end, style sheets inside) and loader.js (the root's own module).
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
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

const options = {
  absWorkingDir: here,
  entryPoints: { bundle: "src/index.tsx", loader: "src/loader.ts" },
  outdir: "../nbblocks/static",
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none",
  charset: "utf8",
  jsx: "automatic",
  jsxImportSource: "preact",
  define: { "process.env.NODE_ENV": '"production"' },
  plugins: [fronts, styles],
  logLevel: "info",
};

if (process.argv.includes("--watch")) {
  const context = await esbuild.context(options);
  await context.watch();
} else {
  await esbuild.build(options);
}
