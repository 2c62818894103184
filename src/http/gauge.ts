// Metrics that are read from the tables whenever somebody looks.
import { Counter, Gauge, type Registry as PrometheusRegistry } from 'prom-client';

type Values<Label extends string> = () => Promise<[Record<Label, string>, number][]>;

/** Adds gauges and counters to a register whose values are read when it is scraped; what is not read then is not shown. */
export const readOn = (register: PrometheusRegistry) => ({
  gauge<Label extends string>(name: string, help: string, labelNames: readonly Label[], read: Values<Label>): void {
    new Gauge({
      name,
      help,
      labelNames,
      registers: [register],
      async collect() {
        this.reset();
        for (const [labels, value] of await read()) this.set(labels, value);
      },
    });
  },
  /** For what the tables count and never count back. */
  counter<Label extends string>(name: string, help: string, labelNames: readonly Label[], read: Values<Label>): void {
    new Counter({
      name,
      help,
      labelNames,
      registers: [register],
      async collect() {
        this.reset();
        for (const [labels, value] of await read()) this.inc(labels, value);
      },
    });
  },
});
