// Who is signed in to the admin pages. Kept in memory, by the hash of a random id: a restart signs everybody out.
import { randomBytes } from 'node:crypto';
import type { Runtime } from '../../runtime.ts';
import { hashOf } from '../token.ts';

/** `csrf` must come back with every form of this session. */
export type Session = { csrf: string };

export type Sessions = {
  /** A new session; its id goes into the cookie and nowhere else. */
  open(): string;
  /** The session that an id names, now used; null when there is none or its time is over. */
  find(id: string): Session | null;
  close(id: string): void;
};

const IDLE_MS = 30 * 60_000;
const ABSOLUTE_MS = 12 * 3_600_000;
/** More than anybody needs at once; the oldest makes room. */
const MOST_SESSIONS = 100;

type Kept = Session & { openedAt: number; usedAt: number };

export function openSessions(runtime: Runtime): Sessions {
  const kept = new Map<string, Kept>();
  const keyOf = (id: string): string => hashOf(id).toString('base64');
  const draw = (): string => randomBytes(32).toString('base64url');
  return {
    open() {
      const [oldest] = kept.keys();
      if (kept.size >= MOST_SESSIONS && oldest !== undefined) kept.delete(oldest);
      const id = draw();
      const now = runtime.now().getTime();
      kept.set(keyOf(id), { csrf: draw(), openedAt: now, usedAt: now });
      return id;
    },
    find(id) {
      const session = kept.get(keyOf(id));
      if (session === undefined) return null;
      const now = runtime.now().getTime();
      if (now - session.usedAt > IDLE_MS || now - session.openedAt > ABSOLUTE_MS) {
        kept.delete(keyOf(id));
        return null;
      }
      session.usedAt = now;
      return session;
    },
    close: (id) => {
      kept.delete(keyOf(id));
    },
  };
}
