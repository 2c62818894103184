// A PrestaShop keeps its dates as the clock on its own wall shows them, to the second, without saying where that is.

/** The instant of a wall-clock time such as "2026-11-20 11:00:09" in an IANA zone; null when the text is no such time. */
export function instantOf(local: string, timeZone: string): string | null {
  if (!/^(19|20)\d\d-\d\d-\d\d \d\d:\d\d:\d\d$/.test(local)) return null;
  const wall = Date.parse(`${local.replace(' ', 'T')}Z`);
  if (Number.isNaN(wall) || wallText(wall) !== local) return null;
  const before = wall - offsetAt(wall - DAY_MS, timeZone);
  const after = wall - offsetAt(wall + DAY_MS, timeZone);
  // An hour that comes twice is read as its first pass; one that is left out, as a clock that was not yet put forward.
  const told = [before, after].filter((instant) => instant + offsetAt(instant, timeZone) === wall);
  return new Date(told.length === 0 ? before : Math.min(...told)).toISOString();
}

/**
 * The earliest time that a shop's clock can show at this instant or later: where it is about to be put back, an hour less
 * than it shows now.
 */
export function earliestLocalTime(instant: number, timeZone: string): string {
  const offset = Math.min(offsetAt(instant, timeZone), offsetAt(instant + 2 * HOUR_MS, timeZone));
  return wallText(instant + offset);
}

/** What a shop's clock shows at an instant. */
export const localTime = (instant: number, timeZone: string): string => wallText(instant + offsetAt(instant, timeZone));

/** True for a name such as "Europe/Paris". */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const wallText = (wall: number): string => new Date(wall).toISOString().slice(0, 19).replace('T', ' ');

/** How far the clock is ahead of UTC, in milliseconds. */
function offsetAt(instant: number, timeZone: string): number {
  const parts = new Map(
    formatIn(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  const date = `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
  const time = `${parts.get('hour')}:${parts.get('minute')}:${parts.get('second')}`;
  return Date.parse(`${date}T${time}Z`) - Math.floor(instant / 1000) * 1000;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs more than using it, and an order has a dozen dates. */
function formatIn(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formats.set(timeZone, format);
  return format;
}
