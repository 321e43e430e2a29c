/** The user's webcam: seen while it is on, taken pictures of, one at a time or as a stream. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "./icons";
import "./camera.css";

export interface CameraProps {
  /** Constraints on the video, as `getUserMedia` takes them. */
  constraints?: Record<string, unknown> | null;
  /** Turned left to right, as a mirror does, in what is seen and in what is taken. */
  mirror?: boolean;
  /** A picture was taken. */
  onTake?(file: File): void;
  /** Take one picture after the other instead, between start and stop. */
  stream?: Frames;
  onClose(): void;
}

export interface Frames {
  /** Seconds between two frames. */
  every: number;
  /** Seconds after which it stops by itself. */
  limit?: number | null;
  /** Whether the last frame is still worked on: then the next one is left out. */
  busy(): boolean;
  /** Send a frame; the next one is taken once that is done. */
  send(file: File): Promise<void>;
}

export function Camera({ constraints, mirror, onTake, stream, onClose }: CameraProps) {
  const video = useRef<HTMLVideoElement>(null);
  const fault = useSignal<string | null>(null);
  const ready = useSignal(false);
  const devices = useSignal<MediaDeviceInfo[]>([]);
  const device = useSignal<string | null>(null);
  const attempt = useSignal(0);
  const streaming = useSignal(false);

  useEffect(() => {
    let gone = false;
    let tracks: MediaStreamTrack[] = [];
    const off = () => {
      gone = true;
      ready.value = false;
      for (const track of tracks) track.stop();
    };
    const on = async () => {
      fault.value = null;
      const chosen = device.value ? { ...constraints, deviceId: { exact: device.value } } : constraints;
      const seen = await openCamera(chosen);
      tracks = seen.getTracks();
      if (gone || !video.current) return off();
      video.current.srcObject = seen;
      devices.value = (await navigator.mediaDevices.enumerateDevices()).filter((one) => one.kind === "videoinput");
      // Unplugged, or taken away by the browser.
      tracks[0]?.addEventListener("ended", () => {
        if (!gone) fault.value = "The camera was switched off.";
      });
    };
    on().catch((error) => {
      if (!gone) fault.value = reasonOf(error);
    });
    return off;
  }, [device.value, attempt.value]);

  useEffect(() => {
    if (!streaming.value || !stream) return;
    const began = Date.now();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let gone = false;
    const frame = async () => {
      if (stream.limit && Date.now() - began >= stream.limit * 1000) {
        streaming.value = false;
        return;
      }
      const due = Date.now() + stream.every * 1000;
      const file =
        video.current && ready.value && !stream.busy() ? await pictureOf(video.current, mirror, FRAME) : null;
      if (file && !gone) await stream.send(file).catch(() => {}); // the runtime has said why
      if (!gone) timer = setTimeout(frame, Math.max(0, due - Date.now()));
    };
    void frame();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [streaming.value, stream?.every]);

  const take = async () => {
    const file = video.current && (await pictureOf(video.current, mirror, STILL));
    if (file) onTake?.(file);
  };

  if (fault.value) {
    return (
      <div class="nbb-camera nbb-camera-fault">
        <Icon name="camera" size={24} />
        <p role="alert">{fault.value}</p>
        <div class="nbb-camera-row">
          <Small text="Try again" onClick={() => (attempt.value += 1)} />
          <Small text="Cancel" onClick={onClose} />
        </div>
      </div>
    );
  }
  return (
    <div class="nbb-camera" aria-busy={!ready.value}>
      <video
        ref={video}
        class={mirror ? "nbb-mirrored" : ""}
        autoplay
        playsInline
        muted
        aria-label="Webcam"
        onLoadedData={() => {
          ready.value = true;
        }}
      />
      {!ready.value && <span class="nbb-camera-wait">Waiting for the camera…</span>}
      <div class="nbb-camera-bar">
        <button type="button" class="nbb-tool" aria-label="Turn off the webcam" title="Turn off" onClick={onClose}>
          <Icon name="close" />
        </button>
        {stream ? (
          <button
            type="button"
            class="nbb-shutter"
            aria-label={streaming.value ? "Stop streaming" : "Start streaming"}
            title={streaming.value ? "Stop" : "Start"}
            disabled={!ready.value}
            onClick={() => (streaming.value = !streaming.value)}
          >
            <i class={streaming.value ? "nbb-shutter-stop" : "nbb-shutter-record"} />
          </button>
        ) : (
          <button
            type="button"
            class="nbb-shutter"
            aria-label="Take a picture"
            title="Take a picture"
            disabled={!ready.value}
            onClick={take}
          >
            <i />
          </button>
        )}
        {devices.value.length > 1 ? (
          <select
            class="nbb-camera-choice"
            aria-label="Camera"
            onChange={({ currentTarget }) => (device.value = currentTarget.value)}
          >
            {devices.value.map((one, at) => (
              <option key={one.deviceId} value={one.deviceId} selected={one.deviceId === device.value}>
                {one.label || `Camera ${at + 1}`}
              </option>
            ))}
          </select>
        ) : (
          <span class="nbb-camera-choice" />
        )}
      </div>
    </div>
  );
}

function Small({ text, onClick }: { text: string; onClick: () => void }) {
  return (
    <button type="button" class="nbb-press nbb-secondary nbb-sm" onClick={onClick}>
      <span>{text}</span>
    </button>
  );
}

/** Ask the browser, and through it the user, for the camera. */
export async function openCamera(constraints?: Record<string, unknown> | null): Promise<MediaStream> {
  if (!navigator.mediaDevices?.getUserMedia) throw new DOMException("", "SecurityError");
  const video = constraints && Object.keys(constraints).length ? (constraints as MediaTrackConstraints) : true;
  return navigator.mediaDevices.getUserMedia({ video, audio: false });
}

/** What to tell the user when `getUserMedia` fails. */
export function reasonOf(error: unknown, what = "camera"): string {
  switch ((error as DOMException | null)?.name) {
    case "NotAllowedError":
      return `The browser does not let this page use the ${what}. Allow it in the browser's settings for this page; where the notebook is embedded in another page, that page has to allow it.`;
    case "SecurityError":
      return `Browsers give the ${what} only to pages at localhost or with HTTPS.`;
    case "NotFoundError":
      return `There is no ${what}.`;
    case "NotReadableError":
    case "AbortError":
      return `The ${what} cannot be used: another program may have it.`;
    case "OverconstrainedError":
      return `No ${what} can do what this app asks for.`;
    default:
      return `The ${what} cannot be used: ${error instanceof Error ? error.message : error}`;
  }
}

/** Type and quality of pictures, the best that the browser can write first. */
const STILL = [
  ["image/webp", 0.92],
  ["image/jpeg", 0.92],
] as const;
/** JPEG is several times quicker to write and to read. */
const FRAME = [["image/jpeg", 0.8]] as const;

async function pictureOf(
  video: HTMLVideoElement,
  mirror: boolean | undefined,
  kinds: readonly (readonly [type: string, quality: number])[],
): Promise<File | null> {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  const pen = canvas.getContext("2d");
  if (!pen || !canvas.width) return null;
  if (mirror) {
    pen.translate(canvas.width, 0);
    pen.scale(-1, 1);
  }
  pen.drawImage(video, 0, 0);
  for (const [type, quality] of kinds) {
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, type, quality));
    if (blob?.type === type) return new File([blob], `webcam.${type.slice(6)}`, { type });
  }
  return null;
}
