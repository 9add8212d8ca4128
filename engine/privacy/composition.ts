import FFT from 'fft.js';
import { minimiseLogScale } from './golden-section.ts';
import { numericalFailure } from './parts.ts';
import type { TiltedPld } from './pld.ts';
import { powerOfPlds } from './pld-power.ts';

/** The tilted PLD of many steps on a window of the grid, with what is needed to undo the tilt. */
export type ComposedPld = {
  interval: number;
  theta: number;
  /** Grid index of masses[0]. */
  offset: number;
  /** Tilted masses; FFT rounding leaves some slightly negative. */
  masses: Float64Array;
  logMoment: number;
  /** Untilted probability of everything above the window, charged as infinite. */
  infinityMass: number;
};

/** The losses of interest: outside, the tilted probability is below 1e-15 on each side. */
export type LossWindow = {
  low: number;
  high: number;
  /** The exponent of Chernoff's bound at `high`. */
  exponent: number;
};

const LOG_TILTED_TAIL = Math.log(1e-15);
const MAX_FFT = 2 ** 22;

/**
 * Returns the window that holds the tilted, composed loss up to a probability of 1e-15 on each side, by
 * Chernoff's bound. `logMoment(theta)` is that of the whole composition.
 */
export function lossWindow(logMoment: (theta: number) => number, theta: number): LossWindow {
  const base = logMoment(theta);
  const end = (sign: 1 | -1) => {
    const objective = (u: number) => (logMoment(theta + sign * u) - base - LOG_TILTED_TAIL) / u;
    const exponent = minimiseLogScale(objective, { low: 1e-8, high: 1e16 });
    return { exponent, loss: sign * objective(exponent) };
  };
  const high = end(1);
  return { low: end(-1).loss, high: high.loss, exponent: high.exponent };
}

/**
 * Composes `steps` runs of each PLD by FFT; all are on one grid with one tilt. Losses below the window wrap
 * round to higher ones, so the result is never below the truth. Losses above it are charged as infinite, by a
 * Chernoff bound on the discretised losses themselves.
 * Source: Koskela et al. 2020 (arXiv 1906.03049), with the tilt of Koskela and Honkela 2021 (arXiv
 * 2102.12412) as a safeguard.
 * @throws NumericalFailure if the window does not fit an FFT of 2^22 points
 */
export function compose(
  parts: readonly { pld: TiltedPld; steps: number }[],
  { interval, theta, window }: { interval: number; theta: number; window: LossWindow },
): ComposedPld {
  const offset = Math.floor(window.low / interval) - 8;
  const needed = Math.ceil(window.high / interval) + 8 - offset;
  const size = Math.max(64, 2 ** Math.ceil(Math.log2(needed)));
  if (!(size <= MAX_FFT))
    throw numericalFailure(
      `accountant: this needs an FFT of ${needed} points, more than ${MAX_FFT}: epsilon is too large or ` +
        'too small for PLD. Use another noise multiplier or the rdp accountant.',
    );
  const fft = fftOf(size);
  const composed = powerOfPlds(fft, size, parts);
  const masses = new Float64Array(size);
  for (let k = 0; k < size; k++) masses[k] = composed[modulo(offset + k, size)];
  const logMoment = parts.reduce((sum, { pld, steps }) => sum + steps * pld.logMoment, 0);
  const cut = parts.reduce((sum, { pld, steps }) => sum + steps * pld.infinityMass, 0);
  const last = offset + size - 1;
  const lost = Math.exp(
    logMoment - theta * last * interval + logTiltedTail(parts, last, window.exponent * interval),
  );
  return { interval, theta, offset, masses, logMoment, infinityMass: cut + lost };
}

/** Calibration asks for one size many times, and making the tables of an FFT costs as much as using them. */
let lastFft: FFT | undefined;

function fftOf(size: number): FFT {
  if (lastFft?.size !== size) lastFft = new FFT(size);
  return lastFft;
}

/**
 * Returns ln of a bound on the tilted probability of a composed grid index above `last`: Chernoff's, with
 * exponent `u` per grid cell.
 */
function logTiltedTail(parts: readonly { pld: TiltedPld; steps: number }[], last: number, u: number): number {
  let bound = -u * last;
  for (const { pld, steps } of parts) {
    let [peak, sum] = [Number.NEGATIVE_INFINITY, 0];
    for (let k = 0; k < pld.masses.length; k++) {
      const term = Math.log(pld.masses[k]) + u * (pld.offset + k);
      if (term > peak) {
        sum *= Math.exp(peak - term);
        peak = term;
      }
      if (term > peak - 700) sum += Math.exp(term - peak);
    }
    bound += steps * (Math.log(sum) + peak);
  }
  return Math.min(0, bound);
}

function modulo(index: number, size: number): number {
  return ((index % size) + size) % size;
}
