/**
 * The boundary to a container engine, in Kiln's own words: nothing of a client library's types leaks out.
 * Every call has a deadline of its own and rejects with `EngineError`. A call whose signal aborts rejects with
 * that signal's reason.
 */

import type { Duplex } from "node:stream";
import type { EngineIdentity } from "@/lib/hosts/identity";
import type { ExecAnswer, ExecRequest, OutputChunk, PipeRequest, StandBy } from "./exec-types";
import type {
  ContainerDisk,
  ContainerUse,
  EngineDisk,
  ImageBytes,
  OwnedContainer,
  OwnedImage,
  OwnedVolume,
  Ownership,
} from "./kept-types";
import type { TerminalProcess, TerminalRequest } from "./terminal-types";

export type {
  ContainerDisk,
  ContainerUse,
  EngineDisk,
  ExecAnswer,
  ExecRequest,
  ImageBytes,
  OutputChunk,
  OwnedContainer,
  OwnedImage,
  OwnedVolume,
  Ownership,
  PipeRequest,
  StandBy,
};

export type EngineErrorCode =
  /** The engine can't be reached, or didn't answer in time. */
  | "unavailable"
  /** No such container, image or path. */
  | "not_found"
  /** The name or the state is in the way. */
  | "conflict"
  /** The engine refused or failed; the message is its own sentence. */
  | "failed";

export class EngineError extends Error {
  override readonly name = "EngineError";
  constructor(
    readonly code: EngineErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** "gone" also when it never was there. */
export type ContainerState = "created" | "running" | "paused" | "exited" | "gone";

export interface Limits {
  cpus: number;
  memoryMb: number;
  pids: number;
}

export interface ContainerPlan {
  name: string;
  /** Image id or reference. */
  image: string;
  /** Replaces the image's entrypoint and command. */
  command: string[];
  env: Record<string, string>;
  workdir: string;
  user: string;
  limits: Limits;
  network: "bridge" | "none";
  ownership: Ownership;
  /** Paths that are volumes while it runs, so that nothing in them gets into a captured image. */
  volatilePaths: string[];
  /** Paths that are in memory only while it runs, writable by everybody in it. They are in no image, either. */
  memoryPaths?: string[];
  /** The same, and what is in them can be executed. */
  scratchPaths?: string[];
  /** Its command is given a standard input when it is started; others get the end of it at once. */
  takesInput?: boolean;
  /** Named volumes: made when they are missing, filled with what the image has there, in no captured image. */
  caches?: CacheMount[];
  /** The same, of one session. */
  volumes?: CacheMount[];
}

export interface CacheMount {
  path: string;
  volume: string;
  ownership: Ownership;
}

export interface FileToWrite {
  path: string;
  content: string | Uint8Array;
  /** Permission bits. */
  mode: number;
}

export interface ImageFacts {
  id: string;
  /** `name@sha256:…` when it came from a registry. */
  digest: string | null;
  sizeBytes: number;
  /** `os/architecture`. */
  platform: string;
  /** How many layers lie on top of each other. */
  depth: number;
  user: string;
  workdir: string;
  command: string[] | null;
  entrypoint: string[] | null;
  env: string[];
}

export interface Beginning {
  input?: string | undefined;
  whenStarted?: (() => Promise<void>) | undefined;
}

/** One that runs, and waits for its input. It ends when the connection to it does. */
export interface WaitingContainer {
  id: string;
  /** Gives it its input, once, and goes on as `startAttached`. One that has ended meanwhile says nothing. */
  begin(signal: AbortSignal, beginning: Beginning): AsyncGenerator<OutputChunk, void, void>;
}

export interface ExitFacts {
  exitCode: number;
  /** The engine's own flag: something in the container was killed for memory. */
  outOfMemory: boolean;
}

/** An exit as soon as it is known; what the engine says about memory may come a tenth of a second later. */
export interface EarlyExit {
  exitCode: number;
  /** Rejects as `waitForExit` does. Nothing has to wait for it. The container has to stay until it is settled. */
  outOfMemory: Promise<boolean>;
}

export interface CapturePlan {
  /** Full reference, `repository:tag`; null for a layer on the way, which gets no name. */
  reference: string | null;
  /** The command, entrypoint and user of the base image, to be restored. */
  base: Pick<ImageFacts, "command" | "entrypoint" | "user">;
  ownership: Ownership;
  comment: string;
}

export interface FlattenPlan {
  /** Of the image. */
  ownership: Ownership;
  /** Of the containers on the way. */
  sandbox: Ownership;
  comment: string;
}

export interface Search {
  /** Takes the next bytes; answers what it has found, once it has. */
  push(data: Uint8Array): string | null;
}

export interface Engine {
  identify(): Promise<EngineIdentity>;
  /** The names of the programs that it can run containers with. */
  runtimes(): Promise<string[]>;

  /**
   * Finds the image by name, pulling it when it isn't there; `onProgress` gets readable lines.
   * @param fresh asks the registry even if it is here. @throws EngineError `not_found` when it is neither here nor to be had; a
   * fresh one also when the registry doesn't give it.
   */
  resolveImage(
    reference: string,
    onProgress: (line: string) => void,
    signal: AbortSignal,
    fresh?: boolean,
  ): Promise<ImageFacts>;
  /**
   * The digest that the image's registry has under this name now: the engine asks, with what it knows of registries.
   * @throws EngineError `not_found` or `failed` with the reason when the registry doesn't say; `unavailable` for silence.
   */
  registryDigest(reference: string, signal: AbortSignal): Promise<string>;
  inspectImage(idOrReference: string): Promise<ImageFacts>;
  /**
   * Answers whether the image is gone now. Safe to call twice; one that something uses is left alone (never
   * forced), and so are its untagged parents, which may be somebody else's.
   */
  removeImage(idOrReference: string): Promise<boolean>;

  /** Creates without starting. A container of the same name that carries our labels is replaced. */
  createContainer(plan: ContainerPlan): Promise<string>;
  /** Does this path exist in the container's file system? A link counts without its target. */
  hasPath(container: string, path: string): Promise<boolean>;
  /** Writes files, making missing folders. `path` is absolute; owner root. */
  writeFiles(container: string, files: FileToWrite[]): Promise<void>;
  /**
   * Attaches, then starts: yields all output in arrival order and ends when the streams end. A piece is good until the
   * next one is asked for: whoever keeps it makes a copy. The consumer's
   * pace is the container's: while it doesn't pull, the container blocks on its output. Keep pulling (spool
   * what can't be stored yet): 2 s after the container's exit the engine drops what hasn't been taken beyond its
   * buffer of about a MB. The end of the output isn't the container's end: it may have closed its output, or the
   * engine may have died. An aborted one may have been started. `whenStarted` is done before any output is read.
   * `input` is the standard input of one that takes some; it may be cut short, so the command has to know its length.
   */
  startAttached(
    container: string,
    signal: AbortSignal,
    beginning?: Beginning,
  ): AsyncGenerator<OutputChunk, void, void>;
  /** Creates one and starts it before there is anything to do: its command has to begin by waiting for its input. */
  startWaiting(plan: ContainerPlan): Promise<WaitingContainer>;
  /**
   * Yields what a container that was started has said since its start, from the engine's own copy, and goes on until
   * it ends. The container doesn't wait for the reader: the copy is bounded (some hundred MB), and what is older is
   * gone. An end without a line end gets one. It begins with the last `lastLines`, and not at its start, when they are
   * given. `whenOpen` is told that the engine gives it: nothing may come of it for long.
   */
  followOutput(
    container: string,
    signal: AbortSignal,
    options?: { lastLines?: number; whenOpen?: () => void },
  ): AsyncGenerator<OutputChunk, void, void>;
  start(container: string): Promise<void>;
  /**
   * Resolves when the container has exited, with the engine's facts. Races the engine's wait with
   * inspections, because a wait never settles when the engine dies. One that hasn't been started is waited for.
   * @throws EngineError `unavailable` at the first inspection that isn't answered; `failed` when the container
   * couldn't be started; `not_found` when it was removed.
   */
  waitForExit(container: string, signal: AbortSignal): Promise<ExitFacts>;
  /** As `waitForExit`, for whoever has something to do meanwhile: it answers before the late reports are in. */
  waitForEarlyExit(container: string, signal: AbortSignal): Promise<EarlyExit>;
  /**
   * Was the engine there when this one ended, or may what it said last be in no copy? True when nobody can tell.
   * @throws EngineError as the others do.
   */
  sawEnd(container: string, signal: AbortSignal): Promise<boolean>;
  /** Kills everything in it at once. Safe when it isn't running or is gone. */
  kill(container: string): Promise<void>;
  /** SIGTERM, then SIGKILL after the grace. Safe when it isn't running; `not_found` when it is gone. */
  stop(container: string, graceSeconds: number): Promise<void>;
  /** False for one that is gone. */
  isRunning(container: string): Promise<boolean>;
  stateOf(container: string): Promise<ContainerState>;
  /** How it ended last, as far as is known by now; null for one that hasn't, or is gone. */
  lastExit(container: string): Promise<ExitFacts | null>;
  /** @throws EngineError `conflict` when another one has the name; `not_found` when it is gone. */
  renameContainer(container: string, name: string): Promise<void>;
  /** What a running one uses now. @throws EngineError `not_found` when it is gone, `failed` when it doesn't run. */
  containerUse(container: string): Promise<ContainerUse>;
  /** With its anonymous volumes. Safe to call twice and after a failed start. */
  removeContainer(container: string): Promise<void>;

  /** Commits an exited container; answers the image's facts, inspected after the commit. */
  capture(container: string, plan: CapturePlan): Promise<ImageFacts>;
  /** An image with the same files and configuration, and one layer for all of them. */
  flatten(image: string, plan: FlattenPlan, signal: AbortSignal): Promise<ImageFacts>;
  /** Gives an image one more name. */
  tagImage(image: string, reference: string): Promise<void>;

  /**
   * Runs the command as arguments, not as shell text, without standard input unless it is given one.
   * @throws EngineError `failed` when its time is up: it and what it started are killed, or the sentence says
   * why they can't be; `conflict` when the container isn't running.
   */
  exec(container: string, request: ExecRequest): Promise<ExecAnswer>;

  /**
   * A next command is likely: a shell enters the container beforehand, in the background, and the first command of this user
   * in this folder starts in a tenth of the time. At most one a container. What can't be had is done without.
   */
  standBy(container: string, what: StandBy): void;

  /**
   * Runs the command in a terminal of its own, which goes on until it ends or is ended. Every key gets there at once.
   * @throws EngineError `conflict` when the container isn't running.
   */
  openTerminal(container: string, request: TerminalRequest): Promise<TerminalProcess>;

  /**
   * Runs the command, and is its standard input and output: a pipe into the container. Destroying it ends the command's input,
   * which has to end the command. It ends with the command. @throws EngineError `conflict` when the container isn't running.
   */
  openPipe(container: string, request: PipeRequest): Promise<Duplex>;

  /**
   * Runs the command with `input` as its standard input. Neither is the input part of what the engine keeps of
   * the command, nor of an image. @throws EngineError `conflict` when the container isn't running.
   */
  feed(
    container: string,
    request: { command: string[]; input: string; user: string; timeoutSeconds: number },
  ): Promise<ExecAnswer>;

  /**
   * The container's file system as a tar, without its volumes. It needn't have been started. The consumer's pace
   * is the engine's. @throws EngineError `unavailable` when it was cut off.
   */
  exportContainer(container: string, signal: AbortSignal): AsyncIterable<Uint8Array>;

  /** A folder of a container as a tar, in which it has its name; with volumes, modes and owners; as `exportContainer` otherwise. */
  exportFolder(container: string, path: string, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** Unpacks a tar into a folder, with modes and owners; those of the folder itself stay. It needn't have been started. */
  importFolder(
    container: string,
    path: string,
    tar: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<void>;

  /**
   * Searches what the image adds to its base: its configuration, and the names, link targets and contents in
   * its own layers, also of files that a later layer deletes. Streams, in constant memory.
   * @param newSearch makes a search over one run of bytes.
   * @returns where something was found first, or null.
   */
  searchImage(
    image: string,
    base: string,
    newSearch: () => Search,
    signal: AbortSignal,
  ): Promise<{ found: string; path: string } | null>;

  /** Everything of this installation on the engine. Not what people start from a snapshot's image by hand. */
  listContainers(installation: string): Promise<OwnedContainer[]>;
  /** All images with this installation's label, newest first: also those that somebody made from one of ours. */
  listImages(installation: string): Promise<OwnedImage[]>;
  /** What this installation's containers left, or use. */
  listVolumes(installation: string): Promise<OwnedVolume[]>;
  /** Answers whether it is gone now; one that a container uses is left alone (never forced). */
  removeVolume(name: string): Promise<boolean>;
  /** By name, of all volumes on the engine; missing where the engine doesn't know. */
  volumeBytes(): Promise<ReadonlyMap<string, number>>;
  /** Looks at every file that the container has written: the more there are, the longer it takes. */
  containerDisk(container: string): Promise<ContainerDisk>;
  /** Of all images on the engine, also of other people's; missing where the engine doesn't know. */
  exclusiveImageBytes(): Promise<ImageBytes>;
  disk(): Promise<EngineDisk>;

  /** Ends what waits in containers. */
  close(): void;
}
