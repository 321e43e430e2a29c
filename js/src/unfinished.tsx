/** What became of an upload that was cut off, and how it goes on. */

import type { AppFace } from "./runtime/define";
import "./unfinished.css";

export function Unfinished({ app }: { app: AppFace }) {
  const cut = app.unfinished.filter((one) => one.received < one.size);
  if (!cut.length) return null;
  const parts = cut.map(({ name, received, size }) => `“${name}” at ${Math.floor((received / size) * 100)} %`);
  return (
    <p class="nbb-unfinished" role="status">
      The upload stopped with {parts.join(", ")}: choose {cut.length > 1 ? "the files" : "the file"} again to go on.
    </p>
  );
}
