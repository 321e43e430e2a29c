/** The view of a whole app: its tree between the toasts above and the log below. */

import { useContext, useMemo } from "preact/hooks";
import { cssLength } from "../lengths";
import { scoped } from "../scoping";
import { Announcements } from "./announcing";
import type { App } from "./app";
import { drawBlock } from "./block";
import { AppContext } from "./contexts";
import { LogDrawer } from "./log";
import { ToastStack } from "./toasts";

export { scoped };

export function Root({ app }: { app: App }) {
  const root = app.root.value;
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
        <Stage>{root && drawBlock(root)}</Stage>
        <LogDrawer />
        <Footer />
      </div>
    </AppContext.Provider>
  );
}

/** `height` is the greatest height before the app scrolls, or the exact one with `fill_height`. */
function Stage({ children }: { children: preact.ComponentChildren }) {
  const { height, fill_height } = useContext(AppContext)!.options.value;
  const length = cssLength(height);
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
