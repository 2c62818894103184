// One structured line per thing that happened. Field names are an interface: docs/logs.md lists them.
import pino from 'pino';

/** What may be logged: ids, words of ours, counts and times. Never a payload, a name, an address or a secret. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export type Log = {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
};

/** Writes JSON lines to the stream (standard output by default). Fields of risky names are removed even if passed by mistake. */
export function createLog(level: 'silent' | 'error' | 'warn' | 'info' = 'info', stream?: pino.DestinationStream): Log {
  const options: pino.LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: ['secret', 'token', 'api_key', 'password', 'authorization', 'email', 'name', 'address', 'payload'],
      remove: true,
    },
  };
  const logger = stream === undefined ? pino(options) : pino(options, stream);
  return {
    info: (event, fields) => logger.info({ event, ...fields }),
    warn: (event, fields) => logger.warn({ event, ...fields }),
    error: (event, fields) => logger.error({ event, ...fields }),
  };
}
