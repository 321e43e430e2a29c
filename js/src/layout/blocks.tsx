import { useEffect } from "preact/hooks";
import { define } from "../runtime/define";
import "./stacks.css";

/** The app itself, and one that stands inside another. */
export default define(({ children, app }) => {
  useEffect(() => {
    window.addEventListener("keydown", claimKey, { capture: true, signal: app.signal });
    return () => window.removeEventListener("keydown", claimKey, { capture: true });
  }, []);
  return children;
});

/**
 * JupyterLab takes keys as commands before the element that has the focus gets them, unless one types into it:
 * arrows would leave a slider for the next cell, and D D on a button would delete the cell. An element with this
 * attribute has its keys to itself. Keys with Ctrl or ⌘ stay the host's, so that Ctrl+S still saves the notebook.
 */
function claimKey(event: KeyboardEvent): void {
  const [target] = event.composedPath();
  if (!(target instanceof Element) || !target.closest(".nbb")) return;
  target.toggleAttribute("data-lm-suppress-shortcuts", !(event.ctrlKey || event.metaKey));
}
