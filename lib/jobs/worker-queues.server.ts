/** The worker's side of the queues. A job only carries an id: what is due is read from the row. */
import { PgBoss } from "pg-boss";
import type { z } from "zod";
import { env } from "@/lib/env.server";
import { log } from "@/lib/log.server";
import { QUEUE_SCHEMA } from "./boss.server";
import { commandQueue, sessionQueue, sweepQueue } from "./queues";

export class WorkerQueues {
  private readonly taken: string[] = [];

  private constructor(private readonly boss: PgBoss) {}

  /** Starts the queue, listening for notifications, with this host's queues made. May be tried again when it throws. */
  static async open(hostId: string): Promise<WorkerQueues> {
    const boss = new PgBoss({
      connectionString: env().DATABASE_URL,
      schema: QUEUE_SCHEMA,
      migrate: false,
      schedule: false,
      useListenNotify: true,
      max: 6,
    });
    boss.on("error", (error) => log.error({ err: error }, "queue error"));
    try {
      await boss.start();
      for (const name of [sessionQueue(hostId), commandQueue(hostId), sweepQueue(hostId)])
        await boss.createQueue(name, {
          policy: "standard",
          notify: true,
          retryLimit: 2,
          retryDelay: 2,
          expireInSeconds: 3900,
          deleteAfterSeconds: 3600,
        });
    } catch (error) {
      await boss.stop({ graceful: false });
      throw error;
    }
    return new WorkerQueues(boss);
  }

  /** Takes jobs off a queue until `close`. @param concurrency how many at a time in this process. */
  async take<S extends z.ZodType>(
    queue: string,
    schema: S,
    concurrency: number,
    handle: (job: z.output<S>) => Promise<void>,
  ): Promise<void> {
    this.taken.push(queue);
    const options = {
      batchSize: 1,
      localConcurrency: concurrency,
      pollingIntervalSeconds: 2,
      notifyPollingIntervalSeconds: 2,
    };
    const id = await this.boss.work(queue, options, async (jobs: Array<{ id: string; data: unknown }>) => {
      for (const job of jobs) {
        const data = schema.safeParse(job.data);
        // F24: a broken payload would come back for ever; it is dropped, and the rows' own recovery goes on.
        if (!data.success)
          return log.error({ queue, jobId: job.id, err: data.error }, "a job that can't be read was dropped");
        try {
          await handle(data.data);
        } catch (error) {
          log.error({ err: error, queue, jobId: job.id }, "a job failed");
          throw error;
        } finally {
          // With notifications on, a backlog would wait for the next poll.
          this.boss.notifyWorker(id);
        }
      }
    });
  }

  /** Takes nothing more; resolves when what was taken is done. */
  async drain(): Promise<void> {
    await Promise.all(this.taken.map((queue) => this.boss.offWork(queue, { wait: true })));
  }

  async close(): Promise<void> {
    await this.boss.stop({ graceful: false });
  }
}
