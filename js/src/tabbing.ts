/** What Tabs tell the Tab blocks inside them. */

import type { Signal } from "@preact/signals";
import { createContext } from "preact";

export interface Press {
  /** Block id of the tab that the user chose. */
  tab: number;
  index: number;
  label: string;
}

export const TabPress = createContext<Signal<Press | null> | null>(null);
