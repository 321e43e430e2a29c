import { useEffect } from "preact/hooks";
import { claimKeys } from "../keys";
import { define } from "../runtime/define";
import "./stacks.css";

/** The app itself, and one that stands inside another. */
export default define(({ children, app }) => {
  useEffect(() => {
    const here = { capture: true, signal: app.signal };
    window.addEventListener("keydown", claimKey, here);
    window.addEventListener("beforeinput", claimInput, here);
    return () => {
      window.removeEventListener("keydown", claimKey, here);
      window.removeEventListener("beforeinput", claimInput, here);
    };
  }, []);
  return children;
});

/**
 * JupyterLab takes keys as commands before the element that has the focus gets them, unless one types into it:
 * arrows would leave a slider for the next cell, and D D on a button would delete the cell. An element with this
 * attribute has its keys to itself. Keys with Ctrl or ⌘ stay the host's, so that Ctrl+S still saves the notebook, but
 * for those that undo what was typed: the host would undo what was done to its cells.
 */
function claimKey(event: KeyboardEvent): void {
  const [target] = event.composedPath();
  if (!(target instanceof Element) || !target.closest(".nbb")) return;
  const undoes = (event.key === "z" || event.key === "Z" || event.key === "y") && target.matches(TYPED_INTO);
  claimKeys(target, undoes || !(event.ctrlKey || event.metaKey));
}

const TYPED_INTO = "textarea, input, [contenteditable]";

/**
 * JupyterLab refuses line breaks and undoing to all that stands in a cell, having its own use for these keys. It
 * listens at the element itself: what does not get there it cannot refuse.
 */
function claimInput(event: InputEvent): void {
  const [target] = event.composedPath();
  if (!(target instanceof Element) || !target.closest(".nbb") || !target.matches("textarea, input")) return;
  if (["insertLineBreak", "historyUndo", "historyRedo"].includes(event.inputType)) event.stopImmediatePropagation();
}
