/** What reaches every part of a view without being passed on: the app, and the block being drawn. */

import { createContext } from "preact";
import type { App } from "./app";
import type { Node } from "./define";

export const AppContext = createContext<App | null>(null);
export const NodeContext = createContext<Node | null>(null);
