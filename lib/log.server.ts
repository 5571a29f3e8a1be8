/** The process's own log: JSON lines on standard output. A build's log is product data and never goes here. */
import pino from "pino";

export const log = pino({ level: process.env.KILN_LOG_LEVEL ?? "info", base: { pid: process.pid } });
