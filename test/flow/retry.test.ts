import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoff } from '../../src/flow/7-settle.ts';

describe('the wait before another try', () => {
  const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  it('lies between nothing and the ceiling, which doubles with every failure and never exceeds the cap', () => {
    fc.assert(
      fc.property(
        fc.nat(10_000),
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 1, max: 3_600_000 }),
        chance,
        (failures, base, cap, random) => {
          const wait = backoff(failures, base, cap, random);
          expect(wait).toBeGreaterThanOrEqual(0);
          expect(wait).toBeLessThanOrEqual(Math.min(cap, base * 2 ** Math.min(failures, 30)));
        },
      ),
    );
  });
  it('is spread over the whole of it, so that a crowd does not come back at once', () => {
    const waits = Array.from({ length: 1_000 }, (_, index) => backoff(3, 2_000, 3_600_000, index / 1_000));
    const mean = waits.reduce((total, wait) => total + wait, 0) / waits.length;
    expect(Math.abs(mean - 8_000)).toBeLessThan(400);
    expect([waits[0], waits.at(-1)]).toEqual([0, 15_984]);
  });
});
