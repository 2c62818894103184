// Instants are UTC; the dates of documents are calendar dates where the seller is.

/** The calendar date of an instant in an IANA time zone, YYYY-MM-DD, right across midnight, year's end and clock changes. */
export function dateIn(timeZone: string, instant: string | Date): string {
  const format = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const parts = new Map(format.formatToParts(new Date(instant)).map((part) => [part.type, part.value]));
  return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
}

/** The calendar date so many days later: ("2026-12-31", 1) is "2027-01-01". */
export function addDays(date: string, days: number): string {
  const instant = new Date(`${date}T00:00:00.000Z`);
  instant.setUTCDate(instant.getUTCDate() + days);
  return instant.toISOString().slice(0, 10);
}
