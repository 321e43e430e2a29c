import type { BrowserStateProps } from "../contract";
import type { Keeper } from "../runtime/app";
import { define } from "../runtime/define";
import { packed, unpacked } from "../runtime/exact";

/** Not seen. The browser keeps the value in its local storage, encrypted. */
export default { ...define<BrowserStateProps>(nothing, nothing), keep } satisfies Keeper<BrowserStateProps>;

function nothing(): null {
  return null;
}

/** Write each new value from now on; the result is what was kept before, undefined if there is nothing to go by. */
async function keep({ props, value, alone }: Parameters<Keeper<BrowserStateProps>["keep"]>[0]): Promise<unknown> {
  const storage = storageOf();
  if (!storage) return undefined;
  const cipher = new Cipher();
  let writes = 0;
  const write = async (next: unknown) => {
    writes += 1;
    const mine = writes;
    const { storage_key: key, secret } = props;
    try {
      const text = await cipher.seal(JSON.stringify(packed(next ?? null)), key, secret);
      if (mine === writes) storage.setItem(key, text);
    } catch (error) {
      console.warn(`nbblocks: the browser cannot keep ${key}`, error);
    }
  };
  alone((signal) => {
    let first = true;
    const stop = value.subscribe((next) => {
      if (first) first = false;
      else void write(next);
    });
    signal.addEventListener("abort", stop);
  });
  const { storage_key: key, secret } = props;
  const kept = storage.getItem(key);
  if (kept === null) return undefined;
  try {
    return unpacked(JSON.parse(await cipher.open(kept, key, secret)));
  } catch {
    console.warn(`nbblocks: what the browser has kept as ${key} does not fit its secret: the default is used`);
    return undefined;
  }
}

/** The local storage, unless this page has none or could not encrypt what goes there. */
function storageOf(): Storage | null {
  if (!globalThis.crypto?.subtle) return null;
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null; // some frames may not even ask for it
  }
}

/** AES-GCM: what it seals is base64 of a random start, new each time, and the encrypted text. */
export class Cipher {
  #key: Promise<CryptoKey> | null = null;
  #of = "";

  async seal(text: string, name: string, secret: string): Promise<string> {
    const iv = crypto.getRandomValues(new Uint8Array(START));
    const key = await this.#keyOf(name, secret);
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(text));
    return base64(iv) + base64(new Uint8Array(sealed));
  }

  /** The text; rejects if it was not sealed with this name and secret. */
  async open(sealed: string, name: string, secret: string): Promise<string> {
    const bytes = Uint8Array.from(atob(sealed), (char) => char.charCodeAt(0));
    const iv = bytes.subarray(0, START);
    const key = await this.#keyOf(name, secret);
    const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, bytes.subarray(START));
    return new TextDecoder().decode(text);
  }

  /** Made once, for it takes its time, so that few secrets can be tried. */
  #keyOf(name: string, secret: string): Promise<CryptoKey> {
    const of = JSON.stringify([name, secret]);
    if (this.#key && this.#of === of) return this.#key;
    this.#of = of;
    this.#key = derived(name, secret);
    return this.#key;
  }
}

const ROUNDS = 100_000;
/** Bytes, a multiple of three: so base64 of both parts, one after the other, is base64 of the whole. */
const START = 12;

async function derived(name: string, secret: string): Promise<CryptoKey> {
  const encoder = new TextEncoder();
  const material = await crypto.subtle.importKey("raw", encoder.encode(secret), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: encoder.encode(name), iterations: ROUNDS };
  return crypto.subtle.deriveKey(how, material, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
