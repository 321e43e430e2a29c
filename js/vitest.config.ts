import { defineConfig } from "vitest/config";

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  test: {
    // A busy machine is slow: what hangs is found all the same.
    testTimeout: 30_000,
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    css: false,
    pool: "threads",
    isolate: false,
    restoreMocks: true,
  },
});
