import type { Interval } from './report-data.ts';

export const NOT_DEFINED = 'not defined';

/** Returns the value, or null if it is not a finite number: a page never shows NaN or an infinity. */
export function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

/** Returns a fraction with three decimals, or "not defined" for null, NaN and infinities. */
export function formatScore(value: number | null): string {
  return value === null || !Number.isFinite(value) ? NOT_DEFINED : value.toFixed(3);
}

/** Returns the mean and, if it is defined, the deviation over the seeds. */
export function formatMean(mean: number | null, deviation: number | null): string {
  if (mean === null || !Number.isFinite(mean)) return NOT_DEFINED;
  return deviation === null || !Number.isFinite(deviation)
    ? formatScore(mean)
    : `${formatScore(mean)} ± ${deviation.toFixed(3)}`;
}

/** Returns a difference of scores with its sign. */
export function formatDifference(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NOT_DEFINED;
  const digits = Math.abs(value).toFixed(3);
  return Number(digits) === 0 ? digits : `${value < 0 ? '−' : '+'}${digits}`;
}

export function formatInterval(interval: Interval | null): string {
  if (interval === null) return NOT_DEFINED;
  return `${formatScore(interval.low)} to ${formatScore(interval.high)}`;
}

/** Returns an integer with grouped digits: 1,234,567. */
export function formatCount(value: number): string {
  return Number.isFinite(value) ? value.toLocaleString('en-US', { maximumFractionDigits: 0 }) : NOT_DEFINED;
}

/** Returns a number with four significant digits, which suits sigma, q and delta alike. */
export function formatNumber(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NOT_DEFINED;
  if (value === 0) return '0';
  const size = Math.abs(value);
  return size < 1e-3 || size >= 1e6 ? value.toExponential(2) : String(Number(value.toPrecision(4)));
}

/** Returns seconds in a readable form: 4.2 s, 3 min 05 s, 1 h 02 min. */
export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return NOT_DEFINED;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
}

/** Returns bytes in binary units with one decimal: 2.4 GiB. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** Returns epsilon in a readable form; `none` means no differential privacy. */
export function formatEpsilon(epsilon: number | 'none'): string {
  return epsilon === 'none' ? 'no privacy' : formatNumber(epsilon);
}

/** Returns an ISO time as 2026-01-01 12:00 UTC, and any other text unchanged. */
export function formatTime(iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? iso : `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
