const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/**
 * Whether a cron expression matches a day in the future: not 30 February, nor a year that has passed. Returns
 * true for expressions that it does not understand, which the server judges.
 */
export function namesADay(cron: string, now = new Date()): boolean {
  const fields = cron
    .replace(/#.*$/s, '')
    .replace(/^\s*(CRON_)?TZ=\S+/, '')
    .trim()
    .split(/\s+/);
  if (fields.length < 5 || fields.length > 7) return true;
  // Six fields end with the year; seven also begin with the second.
  const [day, month] = fields.slice(fields.length === 7 ? 3 : 2);
  const days = values(day, 1, 31);
  const months = values(month, 1, 12, MONTHS);
  const years = values(fields.length > 5 ? fields[fields.length - 1] : '*', now.getUTCFullYear(), 2100);
  if (days === null || months === null || years === null) return true;
  const comes = (year: number) =>
    months.some((name) => {
      const end = new Date(Date.UTC(year, name, 0)).getUTCDate();
      return days.some((number) => {
        const isPast = Date.UTC(year, name - 1, number + 1) <= now.getTime();
        return number <= end && !isPast;
      });
    });
  return years.some(comes);
}

/** Numbers of a field such as `1,3-5`, or `*` with a step; null if it has another form. */
function values(field: string, min: number, max: number, names: readonly string[] = []): number[] | null {
  const all: number[] = [];
  for (const part of field.split(',')) {
    const [, range, step = '1'] = /^([^/]+)(?:\/([1-9]\d*))?$/.exec(part) ?? [];
    if (range === undefined) return null;
    const bounds = /^[*?]$/.test(range) ? [min, max] : range.split('-').map((word) => numberOf(word, names));
    const [from, to = part.includes('/') ? max : from] = bounds;
    if (bounds.length > 2 || !Number.isInteger(from) || !Number.isInteger(to)) return null;
    for (let value = from; value <= Math.min(to, max); value += Number(step))
      if (value >= min) all.push(value);
  }
  return all;
}

function numberOf(word: string, names: readonly string[]): number {
  const named = names.indexOf(word.slice(0, 3).toUpperCase());
  if (named >= 0) return named + 1;
  return /^\d+$/.test(word) ? Number(word) : Number.NaN;
}
