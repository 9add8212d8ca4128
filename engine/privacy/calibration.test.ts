import { describe, expect, it } from 'vitest';
import { epsilonOf } from './accountant.ts';
import { calibrateNoise, calibrationWarnings } from './calibration.ts';

const calibrateNoiseMultiplier = (params: Parameters<typeof calibrateNoise>[0]) =>
  calibrateNoise(params).noiseMultiplier;

describe('calibrateNoiseMultiplier', () => {
  it('is never above the target and wastes less than 3e-4 of noise, in under 2 s for 5,000 steps', () => {
    const started = process.cpuUsage();
    const plan = { samplingRate: 0.04, steps: 5000, epsilon: 1, delta: 1e-6 };
    const sigma = calibrateNoiseMultiplier(plan);
    // Time of this process, not of the clock: other work on the machine does not count.
    expect(process.cpuUsage(started).user / 1e6).toBeLessThan(2);
    const at = (noiseMultiplier: number) =>
      epsilonOf({ parts: [{ ...plan, noiseMultiplier }], delta: plan.delta });
    expect(at(sigma)).toBeLessThanOrEqual(1);
    expect(at(sigma * (1 - 3e-4))).toBeGreaterThan(1);
  });

  it('finds the noise of a known plan', () => {
    const sigma = calibrateNoiseMultiplier({
      samplingRate: 1024 / 25_000,
      steps: 244,
      epsilon: 3,
      delta: 1.5e-5,
    });
    expect(sigma).toBeCloseTo(1.182, 3);
  });

  it('leaves room for what else is charged, and refuses when nothing is left', () => {
    const plan = { samplingRate: 0.02, steps: 50, epsilon: 1, delta: 1e-5 };
    const histogram = { samplingRate: 1, noiseMultiplier: 10, steps: 1 };
    const sigma = calibrateNoiseMultiplier({ ...plan, otherParts: [histogram] });
    expect(sigma).toBeGreaterThan(calibrateNoiseMultiplier(plan));
    expect(
      epsilonOf({ parts: [{ ...plan, noiseMultiplier: sigma }, histogram], delta: 1e-5 }),
    ).toBeLessThanOrEqual(1);
    const spent = { samplingRate: 1, noiseMultiplier: 1, steps: 1 };
    expect(() => calibrateNoiseMultiplier({ ...plan, otherParts: [spent] })).toThrow(/alone spend epsilon/);
  });

  it('gives more noise under the looser accountant', () => {
    const plan = { samplingRate: 0.02, steps: 50, epsilon: 1, delta: 1e-5 };
    expect(calibrateNoiseMultiplier({ ...plan, accountant: 'rdp' })).toBeGreaterThan(
      calibrateNoiseMultiplier(plan),
    );
  });

  it.each([
    [0.01, 10, 1e-6, 1e-9],
    [0.01, 100, 1e5, 1e-6],
    [1, 1, 100, 1e-5],
    [0.5, 3, 0.2, 0.3],
    [0.02, 50, 1e-12, 1e-5],
  ])('answers at the edges: q %d, steps %d, epsilon %d, delta %d', (samplingRate, steps, epsilon, delta) => {
    const noiseMultiplier = calibrateNoiseMultiplier({ samplingRate, steps, epsilon, delta });
    expect(epsilonOf({ parts: [{ samplingRate, noiseMultiplier, steps }], delta })).toBeLessThanOrEqual(
      epsilon,
    );
  });

  it.each([
    { epsilon: 0 },
    { epsilon: -1 },
    { epsilon: Number.NaN },
    { epsilon: Number.POSITIVE_INFINITY },
    { delta: 0 },
    { delta: 1 },
    { samplingRate: 0 },
    { samplingRate: 1.5 },
    { steps: 0 },
    { steps: 2.5 },
    { epsilon: 1e-12, delta: 1e-30 },
  ])('refuses %j', (change) => {
    const plan = { samplingRate: 0.02, steps: 50, epsilon: 1, delta: 1e-5, ...change };
    expect(() => calibrateNoiseMultiplier(plan)).toThrow(expect.objectContaining({ type: 'InvalidConfig' }));
  });
});

describe('calibrateNoise at extremes', () => {
  // Before, where PLD had no answer the search took epsilon for infinite and came back with up to 350
  // times this noise.
  it('finds the little noise that one record in 1e9 needs over a million steps', () => {
    const plan = { samplingRate: 1e-9, steps: 1_000_000, epsilon: 1, delta: 1e-10 };
    const { noiseMultiplier, epsilon, accountant } = calibrateNoise(plan);
    expect(noiseMultiplier).toBeGreaterThan(0.25);
    expect(noiseMultiplier).toBeLessThan(0.5);
    expect(epsilon).toBeLessThanOrEqual(1);
    expect(epsilon).toBeGreaterThan(0.999);
    expect(accountant).toBe('pld');
  });

  it.each([
    [1, 1, 1, 1e-5],
    [1, 1_000_000, 1, 1e-6],
    [0.03, 40, 8, 1e-5],
    [0.001, 10_000, 0.5, 1e-9],
    [0.3, 100, 0.01, 1e-8],
    [1e-5, 1000, 2, 1e-12],
    [1e-7, 100_000, 3, 1e-6],
  ])(
    'is within 0.1%% of its target: q %d, steps %d, epsilon %d, delta %d',
    (samplingRate, steps, target, delta) => {
      const { noiseMultiplier, epsilon } = calibrateNoise({ samplingRate, steps, epsilon: target, delta });
      expect(epsilon).toBeLessThanOrEqual(target);
      expect(epsilon / target).toBeGreaterThan(0.999);
      expect(epsilonOf({ parts: [{ samplingRate, noiseMultiplier, steps }], delta })).toBe(epsilon);
    },
  );

  it('goes by RDP where PLD has no answer, in both directions of the search', () => {
    const plan = { samplingRate: 1.0176e-6, steps: 37_018, epsilon: 2.4e-4, delta: 7.08672e-13 };
    const { noiseMultiplier, epsilon, accountant } = calibrateNoise(plan);
    expect(accountant).toBe('rdp');
    expect(epsilon).toBeLessThanOrEqual(2.4e-4);
    expect(epsilon).toBeGreaterThan(2.39e-4);
    expect(noiseMultiplier).toBeLessThan(50);
  }, 60_000);

  it('says so where the least noise is more than enough', () => {
    const plan = { samplingRate: 0.01, steps: 10, epsilon: 1e9, delta: 1e-5 };
    const calibration = calibrateNoise(plan);
    expect(calibration.noiseMultiplier).toBe(0.01);
    expect(calibrationWarnings({ target: 1e9, asked: 'pld', calibration }).join()).toMatch(/least noise/);
    expect(
      calibrationWarnings({ target: 8, asked: 'pld', calibration: { ...calibration, epsilon: 7.9999 } }),
    ).toEqual([]);
  });

  it('says which accountant answered, and that it missed the target', () => {
    const calibration = { noiseMultiplier: 1.5, epsilon: 0.02, accountant: 'rdp' as const };
    const warnings = calibrationWarnings({ target: 0.03, asked: 'pld', calibration });
    expect(warnings[0]).toMatch(/PLD accountant cannot answer.*RDP/);
    expect(warnings[1]).toMatch(/Epsilon is 0.02000 and not 0.03/);
  });

  it('calls an epsilon that no noise reaches too small, not too large', () => {
    const plan = { samplingRate: 0.02, steps: 50, epsilon: 1e-12, delta: 1e-30 };
    expect(() => calibrateNoise(plan)).toThrow(/epsilon 1e-12 is too small/);
  });
});
