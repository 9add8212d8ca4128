import type { Interval } from './report-data.ts';

export const NOT_DEFINED = 'not defined';

/** null for what is not a number: a page never shows NaN or an infinity. */
export function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

/** A fraction with three decimals, or "not defined". A page never shows NaN or an infinity as a number. */
export function formatScore(value: number | null): string {
  return value === null || !Number.isFinite(value) ? NOT_DEFINED : value.toFixed(3);
}

/** Mean and, where it is defined, the deviation over the seeds. */
export function formatMean(mean: number | null, deviation: number | null): string {
  if (mean === null || !Number.isFinite(mean)) return NOT_DEFINED;
  return deviation === null || !Number.isFinite(deviation)
    ? formatScore(mean)
    : `${formatScore(mean)} ± ${deviation.toFixed(3)}`;
}

/** A difference of scores, with its sign. */
export function formatDifference(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NOT_DEFINED;
  const digits = Math.abs(value).toFixed(3);
  return Number(digits) === 0 ? digits : `${value < 0 ? '−' : '+'}${digits}`;
}

export function formatInterval(interval: Interval | null): string {
  if (interval === null) return NOT_DEFINED;
  return `${formatScore(interval.low)} to ${formatScore(interval.high)}`;
}

/** Integers with thin grouping: 1,234,567. */
export function formatCount(value: number): string {
  return Number.isFinite(value) ? value.toLocaleString('en-US', { maximumFractionDigits: 0 }) : NOT_DEFINED;
}

/** Four significant digits: fit for sigma, q and delta alike. */
export function formatNumber(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NOT_DEFINED;
  if (value === 0) return '0';
  const size = Math.abs(value);
  return size < 1e-3 || size >= 1e6 ? value.toExponential(2) : String(Number(value.toPrecision(4)));
}

/** Seconds as people say them: 4.2 s, 3 min 05 s, 1 h 02 min. */
export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return NOT_DEFINED;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
}

/** Bytes in binary units with one decimal: 2.4 GiB. */
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

/** epsilon as people read it; `none` is no differential privacy. */
export function formatEpsilon(epsilon: number | 'none'): string {
  return epsilon === 'none' ? 'no privacy' : formatNumber(epsilon);
}

/** An ISO time as 2026-01-01 12:00 UTC; anything else as it is. */
export function formatTime(iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? iso : `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
