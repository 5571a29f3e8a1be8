/** For tests: what is in an image, by looking at it without Kiln. */
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { extract } from "tar-stream";
import { demultiplex } from "@/worker/containers/docker/demux";
import { collect, docker } from "@/worker/containers/docker/testing/engine";

/** Runs a command in a container of the image; its output. The container is removed. */
export async function inImage(image: string, command: string[]): Promise<string> {
  const [program = "", ...args] = command;
  const container = await docker.createContainer({
    Image: image,
    Entrypoint: [program],
    Cmd: args,
    User: "0",
    NetworkDisabled: true,
    // The image hands down its labels; a container with them would be Kiln's to sweep.
    Labels: { "dev.kiln.installation": "" },
  });
  try {
    const stream = await container.attach({ stream: true, stdout: true, stderr: true });
    const output = collect(demultiplex(stream as NodeJS.ReadableStream & AsyncIterable<Uint8Array>));
    await container.start();
    const { stdout, stderr } = await output;
    const { StatusCode } = await container.wait();
    if (StatusCode !== 0)
      throw new Error(`${command.join(" ")} in ${image} ended with ${StatusCode}: ${stderr}`);
    return stdout;
  } finally {
    await container.remove({ force: true, v: true });
  }
}

export interface LayerFile {
  /** Without the first slash. */
  path: string;
  /** Octal. */
  mode: string;
  /** `uid:gid`. */
  owner: string;
  content: Buffer;
}

/** Every file of the image's last layer, which is the one that a build adds. */
export async function layerFiles(reference: string): Promise<LayerFile[]> {
  const saved = await unpack(
    (await docker.getImage(reference).get()) as AsyncIterable<Uint8Array> & NodeJS.ReadableStream,
  );
  const manifest = saved.find(({ path }) => path === "manifest.json");
  const [{ Layers }] = JSON.parse(String(manifest?.content)) as [{ Layers: string[] }];
  const layer = saved.find(({ path }) => path === Layers.at(-1));
  if (!layer || Layers.length < 2) throw new Error(`${reference} has no layer of its own.`);
  return unpack(Readable.from([layer.content]));
}

async function unpack(tar: NodeJS.ReadableStream): Promise<LayerFile[]> {
  const files: LayerFile[] = [];
  const entries = extract();
  tar.pipe(entries);
  for await (const entry of entries) {
    const { name, mode = 0, uid, gid } = entry.header;
    files.push({
      path: name,
      // An engine without overlayfs writes the file type's bits in front of the permissions.
      mode: (mode & 0o7777).toString(8),
      owner: `${uid}:${gid}`,
      content: await buffer(entry),
    });
  }
  return files;
}
