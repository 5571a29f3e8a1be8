/** The engine boundary for engines that speak the Docker API. */
import type { Engine } from "../types";
import { startAttached, startWaiting } from "./attach";
import { capture } from "./capture";
import { connect, type DockerEngineOptions } from "./connect";
import {
  isRunning,
  kill,
  lastExit,
  listContainers,
  renameContainer,
  start,
  stateOf,
  stop,
} from "./containers";
import { createContainer } from "./create";
import { disk } from "./disk";
import { exec } from "./exec";
import { exportContainer, exportFolder } from "./export";
import { identify } from "./facts";
import { feed } from "./feed";
import { hasPath, writeFiles } from "./files";
import { flatten } from "./flatten";
import { followOutput } from "./follow";
import { inspectImage, removeImage, tagImage } from "./images";
import { importFolder } from "./import";
import { listImages } from "./list-images";
import { openPipe } from "./pipe";
import { resolveImage } from "./pull";
import { registryDigest } from "./registry";
import { removeContainer } from "./remove";
import { sawEnd } from "./saw-end";
import { searchImage } from "./search-image";
import { StandbyShells } from "./standby";
import { openTerminal } from "./terminal";
import { containerDisk, exclusiveImageBytes, volumeBytes } from "./usage";
import { containerUse } from "./use";
import { listVolumes, removeVolume } from "./volumes";
import { waitForEarlyExit, waitForExit } from "./wait";

export type { DockerEngineOptions } from "./connect";

/**
 * An engine to talk to. Nothing is opened before the first call, and nothing stays open after one but
 * shells that were asked to stand by.
 * @throws Error when the address is no `unix://` or `tcp://` one.
 */
export function createDockerEngine(options: DockerEngineOptions = {}): Engine {
  const client = connect(options);
  const standby = new StandbyShells(client);
  return {
    identify: () => identify(client),
    runtimes: async () => (await client.facts()).runtimes,
    resolveImage: (...args) => resolveImage(client, ...args),
    registryDigest: (...args) => registryDigest(client, ...args),
    inspectImage: (idOrReference) => inspectImage(client, idOrReference),
    removeImage: (idOrReference) => removeImage(client, idOrReference),
    createContainer: (plan) => createContainer(client, plan),
    hasPath: (container, path) => hasPath(client, container, path),
    writeFiles: (container, files) => writeFiles(client, container, files),
    startAttached: (container, ...rest) => startAttached(client, container, ...rest),
    startWaiting: (plan) => startWaiting(client, plan),
    followOutput: (...args) => followOutput(client, ...args),
    start: (container) => start(client, container),
    waitForExit: (container, signal) => waitForExit(client, container, signal),
    waitForEarlyExit: (container, signal) => waitForEarlyExit(client, container, signal),
    sawEnd: (container, signal) => sawEnd(client, container, signal),
    kill: (container) => kill(client, container),
    stop: (container, graceSeconds) => stop(client, container, graceSeconds),
    isRunning: (container) => isRunning(client, container),
    stateOf: (container) => stateOf(client, container),
    lastExit: (container) => lastExit(client, container),
    renameContainer: (container, name) => renameContainer(client, container, name),
    containerUse: (container) => containerUse(client, container),
    removeContainer: (container) => removeContainer(client, container),
    capture: (container, plan) => capture(client, container, plan),
    flatten: (...args) => flatten(client, ...args),
    tagImage: (image, reference) => tagImage(client, image, reference),
    exec: (container, request) => exec(client, standby, container, request),
    standBy: (container, what) => standby.prepare(container, what),
    openTerminal: (container, request) => openTerminal(client, container, request),
    openPipe: (container, request) => openPipe(client, container, request),
    feed: (container, request) => feed(client, container, request),
    exportContainer: (container, signal) => exportContainer(client, container, signal),
    exportFolder: (...args) => exportFolder(client, ...args),
    importFolder: (...args) => importFolder(client, ...args),
    searchImage: (...args) => searchImage(client, ...args),
    listContainers: (installation) => listContainers(client, installation),
    listImages: (installation) => listImages(client, installation),
    listVolumes: (installation) => listVolumes(client, installation),
    removeVolume: (name) => removeVolume(client, name),
    volumeBytes: () => volumeBytes(client),
    containerDisk: (container) => containerDisk(client, container),
    exclusiveImageBytes: () => exclusiveImageBytes(client),
    disk: () => disk(client),
    close: () => standby.close(),
  };
}
