/** The bundle's entry. It exports no `render`: widget hosts would take it for a widget. */

import "./theme.css";
import "./runtime/runtime.css";
import { fronts, parts } from "virtual:fronts";
import { shared } from "virtual:shared";
import type { Mount } from "./runtime/app";
import { mountApp } from "./runtime/mount";

export function mount(view: Omit<Mount, "signal"> & { signal?: AbortSignal }): () => void {
  return mountApp(view, fronts, { places: parts, shared });
}
