import { useSignal } from "@preact/signals";
import { useContext } from "preact/hooks";
import { Camera, type Frames } from "../camera";
import { useContent } from "../contents";
import type { ImageEvent, ImageProps } from "../contract";
import { usePicture } from "../files";
import { Icon } from "../icons";
import { Nothing, Part, Tool, useIntake, Zone } from "../intake";
import { cssLength } from "../lengths";
import { openElsewhere } from "../links";
import { AppContext } from "../runtime/contexts";
import { type AppFace, define, type Node } from "../runtime/define";
import { Field } from "../runtime/field";
import { isGoing } from "../runtime/runs";
import type { Listener } from "../runtime/wire";
import { offer } from "../saving";
import { useUploads } from "../uploads";
import { Viewer } from "../viewer";
import "./image.css";

const ALL = ["upload", "webcam", "clipboard"];
/** Seconds between two frames, if nobody says otherwise. */
const EVERY = 0.5;

export default define<ImageProps, ImageEvent>(({ props, emit, node, app }) => {
  const runs = useContext(AppContext)?.runs;
  const full = useSignal(false);
  const filming = useSignal(false);
  const unfit = useSignal<string | null>(null);
  /** The file the user chose, shown until its record comes back with bytes, and after as long as it is the value. */
  const local = useSignal<{ file: File; path: string | null } | null>(null);
  const uploads = useUploads(app);

  const value = props.value ?? null;
  const editable = props.interactive !== false;
  const part = uploads.part.value;
  const sources = props.sources ?? ALL;
  const mine = local.value && (part !== null || local.value.path === value?.path) ? local.value.file : null;
  const content = useContent(app, value, mine === null);
  const source = value?.data ? value : (mine ?? content);
  const picture = usePicture(source);
  const name = value?.orig_name ?? "image";
  const alt = props.alt_text ?? props.label ?? name;

  const take = async (files: File[]) => {
    const file = files[0];
    if (!file) return;
    filming.value = false;
    if (file.type.startsWith("image/")) local.value = { file, path: null };
    const record = (await uploads.send([file], ["image"]))?.[0];
    if (!record) return;
    local.value = { file, path: record.path };
    emit("input", { value: record });
    emit("upload", { value: record });
  };
  const clear = () => {
    uploads.cancel();
    local.value = null;
    if (value) {
      emit("input", { value: null });
      emit("clear", { value: null });
    }
  };
  const save = () => {
    const bytes = value?.data as BlobPart | undefined;
    const blob = bytes ? new Blob([bytes], { type: value?.mime_type ?? "" }) : source instanceof Blob ? source : null;
    // What the kernel could not fetch is shown from where it lies.
    if (!blob && value && value.path === value.url) return openElsewhere(value.path);
    if (!blob && value) return void app.download(value.path, { name });
    offer(blob ?? picture ?? "", name, app.signal);
  };

  const stream = props.streaming ? framesOf(app, node, (one) => isGoing(runs?.record(one))) : undefined;
  const frame = async (file: File) => {
    const record = await app.upload(file).result;
    local.value = { file, path: record.path };
    emit("stream", { value: record });
  };

  const intake = useIntake({ app, editable, sources, kinds: ["image"], take });
  const shows = (picture || value || part !== null) && !filming.value;
  return (
    <Field {...props} for={null} class="nbb-flush">
      {/* biome-ignore lint/a11y/useSemanticElements: not a set of form controls */}
      <div
        class={`nbb-picture nbb-media${intake.over.value ? " nbb-over" : ""}`}
        role="group"
        aria-labelledby={`${node.domId}-label`}
        aria-busy={part !== null}
        style={{ height: cssLength(props.height), width: cssLength(props.width), maxWidth: "100%" }}
        {...intake.handlers}
      >
        {filming.value && editable ? (
          <Camera
            constraints={props.webcam_constraints}
            mirror={props.mirror_webcam}
            stream={stream && { ...stream, send: frame }}
            onTake={(file) => void take([file])}
            onClose={() => (filming.value = false)}
          />
        ) : shows ? (
          <Shown
            picture={picture}
            alt={alt}
            name={name}
            early={part !== null}
            unfit={unfit.value === picture}
            pick={app.listens("select")}
            onUnfit={() => (unfit.value = picture ?? null)}
            onPick={(index) => emit("select", { data: { index, value: null } })}
          />
        ) : editable ? (
          <Zone
            id={node.domId}
            intake={intake}
            sources={sources}
            noun="an image"
            placeholder={props.placeholder}
            onCamera={() => (filming.value = true)}
          />
        ) : (
          <Nothing label="No image" />
        )}
        {part !== null && <Part part={part} />}
        {shows && (
          <div class="nbb-media-tools">
            {part === null && picture && props.show_fullscreen_button !== false && (
              <Tool icon="expand" name="Full screen" onClick={() => (full.value = true)} />
            )}
            {part === null && props.show_download_button !== false && (
              <Tool icon="download" name="Download" onClick={save} />
            )}
            {editable && <Tool icon="close" name={part === null ? "Clear" : "Cancel the upload"} onClick={clear} />}
          </div>
        )}
        {intake.chooser}
        {picture && full.value && (
          <Viewer name={alt} onClose={() => (full.value = false)}>
            <img src={picture} alt={alt} />
          </Viewer>
        )}
      </div>
    </Field>
  );
});

/** How often frames are wanted by those who listen, and whether they have time for the next one. */
function framesOf(app: AppFace, node: Node, isGoing: (listener: Listener) => boolean): Omit<Frames, "send"> {
  const heard = app.listeners.filter((one) => one.targets.some(([id, event]) => id === node.id && event === "stream"));
  const limits = heard.flatMap((one) => one.time_limit ?? []);
  return {
    every: Math.min(...heard.map((one) => one.stream_every ?? EVERY), heard.length ? Number.POSITIVE_INFINITY : EVERY),
    limit: limits.length ? Math.max(...limits) : null,
    busy: () => heard.some(isGoing),
  };
}

interface ShownProps {
  picture: string | undefined;
  alt: string;
  name: string;
  /** Still on its way to the kernel. */
  early: boolean;
  /** The browser cannot show files of this kind. */
  unfit: boolean;
  pick: boolean;
  onUnfit: () => void;
  onPick: (index: [number, number]) => void;
}

function Shown({ picture, alt, name, early, unfit, pick, onUnfit, onPick }: ShownProps) {
  if (!picture || unfit) {
    return (
      <div class="nbb-zone nbb-nothing" role="img" aria-label={alt} aria-busy={!picture}>
        <Icon name="picture" size={28} />
        <span>{name}</span>
        {unfit && <small>Browsers cannot show this kind of picture.</small>}
      </div>
    );
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a place in a picture is picked with a pointer
    <img
      class={`${early ? "nbb-shown-early" : "nbb-shown"}${pick ? " nbb-pick" : ""}`}
      src={picture}
      alt={alt}
      onError={onUnfit}
      onClick={(event) => onPick(pixelAt(event))}
    />
  );
}

/** The pixel under the pointer, of the picture as it lies (fitted and centred) in its element. */
function pixelAt(event: MouseEvent & { currentTarget: HTMLImageElement }): [number, number] {
  const { currentTarget: image, clientX, clientY } = event;
  const box = image.getBoundingClientRect();
  const scale = Math.min(box.width / image.naturalWidth, box.height / image.naturalHeight) || 1;
  const at = (offset: number, room: number, pixels: number) =>
    Math.max(0, Math.min(pixels - 1, Math.floor((offset - (room - pixels * scale) / 2) / scale)));
  return [
    at(clientX - box.left, box.width, image.naturalWidth),
    at(clientY - box.top, box.height, image.naturalHeight),
  ];
}
