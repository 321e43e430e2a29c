/** The view of a whole app: its tree between the toasts above and the log below. */

import { useContext, useMemo } from "preact/hooks";
import { cssLength } from "../lengths";
import { scoped } from "../scoping";
import { Announcements } from "./announcing";
import type { App } from "./app";
import { drawBlock } from "./block";
import { AppContext } from "./contexts";
import type { Node } from "./define";
import { LogDrawer } from "./log";
import { ToastStack } from "./toasts";

export { scoped };

export function Root({ app }: { app: App }) {
  const root = shownOf(app);
  const { width, theme, title } = app.options.value;
  const live = app.live.value;
  const themed = theme === "light" || theme === "dark" ? theme : undefined;
  return (
    <AppContext.Provider value={app}>
      {/* biome-ignore lint/a11y/useSemanticElements: no fieldset, whose box differs */}
      <div
        role="group"
        class={`nbb nbb-app${live ? "" : " nbb-still"}`}
        data-view={app.transport.view}
        data-theme={themed}
        aria-label={title || undefined}
        style={{ width: cssLength(width) }}
      >
        <AuthorCss />
        <ToastStack />
        <Announcements />
        {!live && <Note text={app.note.value} />}
        {live && !root && <Note text="This part of an app is not there any more." />}
        <Stage>{root && drawBlock(root)}</Stage>
        <LogDrawer />
        {app.only === undefined && <Footer />}
      </div>
    </AppContext.Provider>
  );
}

/** What is drawn: all of the app, or the one block that this view is of. */
function shownOf({ root, only }: App): Node | null {
  const find = (node: Node): Node | undefined =>
    node.id === only ? node : node.children.map(find).find((one) => one !== undefined);
  return only === undefined || !root.value ? root.value : (find(root.value) ?? null);
}

/** `height` is the greatest height before the app scrolls, or the exact one with `fill_height`. */
function Stage({ children }: { children: preact.ComponentChildren }) {
  const app = useContext(AppContext)!;
  const { height, fill_height } = app.options.value;
  const length = app.only === undefined ? cssLength(height) : undefined;
  const style = length ? (fill_height ? { height: length } : { maxHeight: length }) : undefined;
  return (
    <div class={`nbb-stage${fill_height ? " nbb-fill" : ""}`} style={style}>
      {children}
    </div>
  );
}

function Note({ text }: { text: string | null }) {
  return (
    <div class="nbb-note" role="status">
      {text ?? "This app was closed: run its cell again to use it."}
    </div>
  );
}

function Footer() {
  const { footer, api } = useContext(AppContext)!.options.value;
  if (!footer || !api) return null;
  return (
    <details class="nbb-footer">
      <summary>Use via API</summary>
      <pre>{api}</pre>
    </details>
  );
}

function AuthorCss() {
  const app = useContext(AppContext)!;
  const { css } = app.options.value;
  const text = useMemo(() => (css ? scoped(css, `[data-view="${app.transport.view}"]`) : null), [css, app]);
  return text ? <style>{text}</style> : null;
}
