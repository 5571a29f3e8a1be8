/** Who this worker process is: its own row, and the host that it serves. */
export interface WorkerIdentity {
  id: string;
  hostId: string;
  name: string;
}
