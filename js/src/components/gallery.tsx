import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { bare, Grid, type Item, Large, nameOf, Preview, recordOf, Turn } from "../album";
import { Camera } from "../camera";
import { remember } from "../contents";
import type { GalleryEvent, GalleryProps } from "../contract";
import { isOfKind } from "../files";
import { Nothing, Part, Tool, useIntake, Zone } from "../intake";
import { cssLength } from "../lengths";
import { openElsewhere } from "../links";
import { define } from "../runtime/define";
import { Field } from "../runtime/field";
import { useUploads } from "../uploads";
import { Viewer } from "../viewer";
import "./gallery.css";

/** Columns or rows for each width of the gallery; the last number stands for all that are missing. */
function perWidth(name: string, numbers: readonly number[]): Record<`--${string}`, number> {
  const all = Array.from({ length: 6 }, (_, at) => numbers[Math.min(at, numbers.length - 1)] ?? 1);
  return Object.fromEntries(all.map((count, at) => [`--${name}-${at}`, count]));
}

export default define<GalleryProps, GalleryEvent>(({ props, emit, set, node, app }) => {
  const box = useRef<HTMLDivElement>(null);
  const full = useSignal(false);
  const filming = useSignal(false);
  /** The entry that keeps the grid's place in the order of Tab. */
  const active = useSignal(0);
  const grab = useRef(false);
  const uploads = useUploads(app);

  const items: readonly Item[] = props.value ?? [];
  const editable = props.interactive !== false;
  const part = uploads.part.value;
  const kinds = props.file_types ?? ["image", "video"];
  const sources = props.sources ?? ["upload"];
  const given = props.selected_index;
  const chosen = given == null || !items.length ? null : Math.min(Math.max(given, 0), items.length - 1);
  const open = props.allow_preview !== false && chosen !== null;

  // What came with the value is still there when a page's own change comes back without it.
  useEffect(() => {
    for (const { path, data, mime_type } of items.map(recordOf)) {
      if (data) remember(app, path, new Blob([data as BlobPart], { type: mime_type ?? "" }));
    }
  }, [items]);

  const filled = items.length > 0;
  useLayoutEffect(() => {
    if (filled && props.preview && props.selected_index == null) set("selected_index", 0);
  }, [filled]);

  const choose = (at: number) => {
    active.value = at;
    grab.current = !open;
    set("selected_index", at);
    emit("select", { data: { index: at, value: bare(items[at]!), selected: true } });
    if (!open && props.allow_preview !== false) emit("preview_open");
  };
  const close = () => {
    full.value = false;
    set("selected_index", null);
    emit("preview_close");
    // Once the grid is drawn, back to where it was.
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>('.nbb-tile[tabindex="0"]')?.focus());
  };
  const turn = (event: KeyboardEvent) => {
    if (chosen === null || event.target instanceof HTMLVideoElement) return;
    const back = getComputedStyle(event.currentTarget as Element).direction === "rtl" ? 1 : -1;
    const count = items.length;
    const next = { ArrowLeft: chosen + back, ArrowRight: chosen - back, Home: 0, End: count - 1 }[event.key];
    if (next !== undefined) choose((next + count) % count);
    else if (event.key === "Escape" && !full.value) close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const take = async (files: File[]) => {
    filming.value = false;
    const fit = files.filter((file) => isOfKind(file, kinds));
    const records = await uploads.send(files, kinds);
    if (!records?.length) return;
    const more = records.map((record, at): Item => {
      const file = fit[at];
      if (file) remember(app, record.path, file);
      const isFilm = (file?.type || record.mime_type || "").startsWith("video/");
      return isFilm ? { video: record, caption: null } : { image: record, caption: null };
    });
    emit("upload", { value: [...(props.value ?? []).map(bare), ...more] });
  };
  const remove = (at: number) => {
    const left = items.filter((_, other) => other !== at).map(bare);
    if (!left.length) set("selected_index", null);
    else if (chosen !== null && at < chosen) set("selected_index", chosen - 1);
    emit("delete", { value: left, data: { file: recordOf(bare(items[at]!)), index: at } });
  };
  const clear = () => {
    uploads.cancel();
    set("selected_index", null);
    // A change and nothing else: there is no event for it, and the kernel derives that one from the value.
    emit("change" as GalleryEvent, { value: [] });
  };
  const save = async (which: readonly Item[]) => {
    for (const item of which) {
      const { path, url, orig_name } = recordOf(item);
      // What the kernel could not fetch is shown from where it lies.
      if (path === url) openElsewhere(path);
      // One after the other: browsers drop downloads that begin all at once.
      else await app.download(path, { name: orig_name ?? undefined }).result.catch(() => {});
    }
  };

  const intake = useIntake({ app, editable, sources, kinds, multiple: true, take });
  const savesAll = app.live && items.length > 1 && props.show_download_all_button !== false;
  const entry = chosen === null ? null : items[chosen];
  const size = { height: cssLength(props.height) };
  const look = {
    ...perWidth("columns", props.columns ?? [2]),
    ...(props.rows ? perWidth("rows", props.rows) : {}),
    "--count": props.fit_columns === false ? 99 : items.length,
    "--fit": props.object_fit ?? "cover",
  };
  return (
    <Field {...props} for={null} class="nbb-flush">
      {/* biome-ignore lint/a11y/useSemanticElements: not a set of form controls */}
      <div
        ref={box}
        class={`nbb-gallery-box nbb-media${intake.over.value ? " nbb-over" : ""}`}
        role="group"
        aria-labelledby={`${node.domId}-label`}
        aria-busy={part !== null}
        style={{ ...size, ...look }}
        {...intake.handlers}
      >
        {filming.value && editable ? (
          <Camera mirror onTake={(file) => void take([file])} onClose={() => (filming.value = false)} />
        ) : entry && open ? (
          <Preview
            items={items}
            chosen={chosen!}
            app={app}
            grab={grab}
            onChoose={choose}
            onKey={turn}
            tools={
              <>
                {props.show_fullscreen_button !== false && !entry.video && (
                  <Tool icon="expand" name="Full screen" onClick={() => (full.value = true)} />
                )}
                {app.live && props.show_download_button !== false && (
                  <Tool icon="download" name="Download" onClick={() => void save([entry])} />
                )}
                {editable && <Tool icon="trash" name="Remove" onClick={() => remove(chosen!)} />}
                <Tool icon="close" name="Back to all" onClick={close} />
              </>
            }
          />
        ) : filled ? (
          <>
            <Grid
              items={items}
              chosen={chosen}
              active={Math.min(active.value, items.length - 1)}
              app={app}
              picks={props.allow_preview === false}
              onActive={(at) => (active.value = at)}
              onChoose={choose}
              onRemove={editable ? remove : null}
            />
            {(editable || savesAll) && (
              <div class="nbb-media-tools">
                {editable && sources.includes("upload") && <Tool icon="plus" name="Add" onClick={intake.choose} />}
                {editable && sources.includes("webcam") && (
                  <Tool icon="camera" name="Webcam" onClick={() => (filming.value = true)} />
                )}
                {editable && sources.includes("clipboard") && <Tool icon="paste" name="Paste" onClick={intake.paste} />}
                {savesAll && <Tool icon="download" name="Download all" onClick={() => void save(items)} />}
                {editable && <Tool icon="trash" name="Clear" onClick={clear} />}
              </div>
            )}
          </>
        ) : editable ? (
          <Zone
            id={node.domId}
            intake={intake}
            sources={sources}
            noun={kinds.includes("video") ? "images or videos" : "images"}
            onCamera={() => (filming.value = true)}
          />
        ) : (
          <Nothing label="No images" />
        )}
        {part !== null && <Part part={part} />}
        {intake.chooser}
        {entry && full.value && (
          <Viewer name={nameOf(entry)} onClose={() => (full.value = false)} onKey={turn}>
            <Large item={entry} app={app} />
            {items.length > 1 && (
              <Turn way="left" onClick={() => choose((chosen! + items.length - 1) % items.length)} />
            )}
            {items.length > 1 && <Turn way="right" onClick={() => choose((chosen! + 1) % items.length)} />}
          </Viewer>
        )}
      </div>
    </Field>
  );
});
