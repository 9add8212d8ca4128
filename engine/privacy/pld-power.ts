import type FFT from 'fft.js';
import type { TiltedPld } from './pld.ts';

const NEGLIGIBLE = Math.log(1e-35);
/** A grid loss with at least this much of a step's mass is composed separately. */
const ANCHOR = 0.5;
const LOG_LEAST_ANCHOR = -30;

/**
 * Returns the masses of `steps` runs of each PLD, composed: masses[k] belongs to all grid indices that are k
 * modulo the size of the FFT.
 *
 * With a small sampling rate, nearly all of a step's mass is at loss 0. A spectrum near 1, raised to many
 * steps, would lose everything else in the rounding of that 1. So the mass at 0 stays out of both transforms,
 * and rounding is relative to the other masses only.
 */
export function powerOfPlds(
  fft: FFT,
  size: number,
  parts: readonly { pld: TiltedPld; steps: number }[],
): Float64Array {
  const logs = new Float64Array(2 * size);
  const spectrum = new Float64Array(2 * size);
  let logAnchor = 0;
  let anchored = true;
  for (const { pld, steps } of parts) {
    const { others, mass, logMass } = splitAnchor(pld, size);
    fft.realTransform(spectrum, others);
    addLogs(logs, spectrum, { steps, size, mass });
    anchored &&= mass > 0;
    logAnchor += steps * logMass;
  }
  // After many steps, too little mass is left at loss 0 to be worth keeping apart.
  anchored &&= logAnchor > LOG_LEAST_ANCHOR;
  const product = exponentials(logs, { size, logAnchor, anchored });
  fft.completeSpectrum(product);
  fft.inverseTransform(spectrum, product);
  const masses = new Float64Array(size);
  for (let k = 0; k < size; k++) masses[k] = spectrum[2 * k];
  if (anchored) masses[0] += Math.exp(logAnchor);
  return masses;
}

/**
 * Returns the masses around the circle of the FFT, without the mass at loss 0 if that is most of them; else
 * `mass` is 0.
 */
function splitAnchor(
  { masses, offset }: TiltedPld,
  size: number,
): { others: Float64Array; mass: number; logMass: number } {
  const others = new Float64Array(size);
  for (let k = 0; k < masses.length; k++) others[modulo(offset + k, size)] += masses[k];
  if (others[0] < ANCHOR) return { others, mass: 0, logMass: 0 };
  others[0] = 0;
  const rest = others.reduce((sum, mass) => sum + mass, 0);
  return { others, mass: 1 - rest, logMass: Math.log1p(-rest) };
}

/**
 * Adds steps * ln(1 + spectrum / mass) to `logs`, or steps * ln(spectrum) without an anchor, on the half of
 * the spectrum that a real signal needs.
 */
function addLogs(
  logs: Float64Array,
  spectrum: Float64Array,
  { steps, size, mass }: { steps: number; size: number; mass: number },
): void {
  for (let k = 0; k <= size; k += 2) {
    const [re, im] = mass > 0 ? [spectrum[k] / mass, spectrum[k + 1] / mass] : [spectrum[k], spectrum[k + 1]];
    const square = re * re + im * im;
    logs[k] += (steps * (mass > 0 ? Math.log1p(Math.max(-1, 2 * re + square)) : Math.log(square))) / 2;
    logs[k + 1] += steps * (mass > 0 ? Math.atan2(im, 1 + re) : Math.atan2(im, re));
  }
}

/** Returns exp(logAnchor + logs), minus exp(logAnchor) if `anchored`. */
function exponentials(
  logs: Float64Array,
  { size, logAnchor, anchored }: { size: number; logAnchor: number; anchored: boolean },
): Float64Array {
  const product = new Float64Array(2 * size);
  const scale = Math.exp(logAnchor);
  for (let k = 0; k <= size; k += 2) {
    const [log, phase] = [logs[k], logs[k + 1]];
    if (anchored) {
      const half = Math.sin(phase / 2);
      product[k] = scale * (Math.expm1(log) * Math.cos(phase) - 2 * half * half);
      product[k + 1] = scale * Math.exp(log) * Math.sin(phase);
    } else if (log + logAnchor > NEGLIGIBLE) {
      // Everything else is far below the rounding of what is kept: most of the spectrum of many steps.
      const magnitude = Math.exp(log + logAnchor);
      product[k] = magnitude * Math.cos(phase);
      product[k + 1] = magnitude * Math.sin(phase);
    }
  }
  return product;
}

function modulo(index: number, size: number): number {
  return ((index % size) + size) % size;
}
