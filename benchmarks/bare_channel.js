// The page's half of bare_channel.py. `window.bareChannel` sends a file and fetches bytes; times in ms.
const now = () => performance.timeOrigin + performance.now();

export default {
  render({ model, el }) {
    const input = document.createElement("input");
    input.type = "file";
    input.id = "bare-file";
    el.append(input);
    let heard = () => {};
    let pong = () => {};
    const answered = (content, buffers) => (content.type === "pong" ? pong() : heard(content, buffers));
    model.on("msg:custom", answered);

    // Send `file` in chunks of `chunk` bytes. `window`: chunks that may be on their way. `ahead`: chunks that are
    // read before there is room for them. `every`: chunks between two acknowledgements.
    const upload = (file, { chunk, window, ahead = 0, every = 1, check = false }) =>
      new Promise((resolve, reject) => {
        const start = now();
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
          received = content.received;
          if (content.type === "done") resolve({ start, ms: now() - start, received });
          else pump().catch(reject);
        };
        model.send({ type: "upload", check, every });
        pump().catch(reject);
      });

    // Fetch `size` bytes. `keep`: make Blobs of them, as a download must that is to be saved.
    const download = ({ size, chunk, window, every = 1, keep = true }) =>
      new Promise((resolve) => {
        const start = now();
        const parts = [];
        let received = 0;
        let count = 0;
        heard = (content, [data]) => {
          if (content.type !== "part") return;
          received += data.byteLength;
          if (keep) parts.push(new Blob([data]));
          count++;
          if (count % every === 0 && !content.last) model.send({ type: "ack", received });
          if (content.last) resolve({ start, ms: now() - start, received, size: new Blob(parts).size });
        };
        model.send({ type: "download", size, chunk, window });
      });

    const ping = () =>
      new Promise((resolve) => {
        const start = now();
        pong = () => resolve(now() - start);
        model.send({ type: "ping" });
      });

    globalThis.bareChannel = { upload, download, ping, input, file: () => input.files[0], model };
  },
};
