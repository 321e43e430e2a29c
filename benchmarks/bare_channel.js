// The page's half of bare_channel.py. `window.bareChannel` sends a file and fetches bytes; times in ms.
const now = () => performance.timeOrigin + performance.now();

export default {
  render({ model, el }) {
    const input = document.createElement("input");
    input.type = "file";
    input.id = "up";
    const go = document.createElement("button");
    go.id = "go";
    go.textContent = "Go";
    const out = document.createElement("input");
    out.id = "out";
    const down = document.createElement("button");
    down.id = "down";
    down.textContent = "Download";
    el.append(input, go, out, down);
    // What the elements are to do: set from outside before they are used.
    const wanted = { upload: {}, download: {}, last: null };
    go.addEventListener("click", () => model.send({ type: "ping" }));
    // The same file again is a change too.
    input.addEventListener("click", () => {
      input.value = "";
    });
    input.addEventListener("change", () =>
      upload(input.files[0], wanted.upload).then((result) => {
        wanted.last = result;
      }),
    );
    down.addEventListener("click", async () => {
      const { file } = await download(wanted.download);
      const link = document.createElement("a");
      link.href = URL.createObjectURL(file);
      link.download = "bare.bin";
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    });
    let heard = () => {};
    let count = 0;
    const answered = (content, buffers) => {
      if (content.type === "pong") out.value = `n=${content.count}`;
      else heard(content, buffers);
    };
    model.on("msg:custom", answered);

    // Send `file` in chunks of `chunk` bytes. `window`: chunks that may be on their way. `ahead`: chunks that are
    // read before there is room for them. `every`: chunks between two acknowledgements. `fill`: bytes sent after each
    // of these, so that Nagle's algorithm cannot hold it back.
    const upload = (file, { chunk, window, ahead = 0, every = 1, fill = 0, check = false }) =>
      new Promise((resolve, reject) => {
        const start = now();
        const id = ++count;
        const reads = [];
        let read = 0;
        let sent = 0;
        let received = 0;
        let pumping = false;
        const refill = (room) => {
          while (reads.length < room && read < file.size) {
            reads.push(file.slice(read, read + chunk).arrayBuffer());
            read += chunk;
          }
        };
        const pump = async () => {
          if (pumping) return;
          pumping = true;
          while (sent < file.size && sent - received < window * chunk) {
            refill(1 + ahead);
            const bytes = await reads.shift();
            refill(ahead);
            sent += bytes.byteLength;
            model.send({ type: "chunk", last: sent >= file.size }, undefined, [bytes]);
          }
          pumping = false;
        };
        heard = (content) => {
          if (content.type === "fill" || content.id !== id) return;
          received = content.received;
          if (content.type === "done") resolve({ ms: now() - start, received });
          else pump().catch(reject);
        };
        model.send({ type: "upload", id, check, every, fill });
        pump().catch(reject);
      });

    // Fetch `size` bytes. `keep`: make Blobs of them, as a download must that is to be saved.
    const download = ({ size, chunk, window, every = 1, keep = true }) =>
      new Promise((resolve) => {
        const start = now();
        const parts = [];
        let received = 0;
        let got = 0;
        heard = (content, [data]) => {
          if (content.type !== "part") return;
          received += data.byteLength;
          if (keep) parts.push(new Blob([data]));
          got++;
          if (got % every === 0 && !content.last) model.send({ type: "ack", received });
          if (content.last) resolve({ ms: now() - start, received, file: new Blob(parts) });
        };
        model.send({ type: "download", size, chunk, window });
      });

    globalThis.bareChannel = {
      wanted,
      upload: (options) => upload(input.files[0], options),
      download: async (options) => {
        const { ms, received } = await download(options);
        return { ms, received };
      },
    };
  },
};
