import { describe, expect, it } from 'vitest';
import { gaussianNoise } from './gaussian-noise.ts';
import { openKeystream } from './keystream.ts';
import { noiseScaleTest } from './noise-scale.fixture.ts';
import { newRunKey, runKeyFromBytes, runKeyToBytes } from './run-key.ts';

const runKey = runKeyFromBytes(Uint8Array.from({ length: 32 }, (_, k) => k));
const noise = (step: number, length: number) =>
  gaussianNoise(openKeystream({ runKey, purpose: 'noise', step }), length);

describe('keystream', () => {
  it('gives the same 53-bit numbers on every machine and every run', () => {
    const uniforms = new Float64Array(3);
    openKeystream({ runKey, purpose: 'draw', step: 0 }).fillUniform53(uniforms);
    expect([...uniforms]).toEqual(KNOWN);
  });

  it('differs by purpose, step and key, and goes on across its internal blocks', () => {
    const first = (purpose: 'draw' | 'noise', step: number, key = runKey) => {
      const uniforms = new Float64Array(1);
      openKeystream({ runKey: key, purpose, step }).fillUniform53(uniforms);
      return uniforms[0];
    };
    const values = [first('draw', 0), first('draw', 1), first('noise', 0), first('draw', 0, newRunKey())];
    expect(new Set(values).size).toBe(4);
    const [whole, cut] = [new Float64Array(40_000), new Float64Array(40_000)];
    openKeystream({ runKey, purpose: 'draw', step: 0 }).fillUniform53(whole);
    const stream = openKeystream({ runKey, purpose: 'draw', step: 0 });
    for (let k = 0; k < 40_000; k += 1000) stream.fillUniform53(cut.subarray(k, k + 1000));
    expect(cut).toEqual(whole);
    expect(new Set(whole).size).toBe(40_000);
  });

  it('hands its key back as the bytes it was made of', () => {
    expect([...runKeyToBytes(runKey)]).toEqual(Array.from({ length: 32 }, (_, k) => k));
  });
});

describe('gaussianNoise', () => {
  const sample = noise(0, 200_000);

  it('is standard: variance, kurtosis and tails', () => {
    expect(noiseScaleTest(sample, 1)).toMatchObject({ passed: true });
    const fourth = sample.reduce((sum, x) => sum + x ** 4, 0) / sample.length;
    expect(Math.abs(fourth - 3)).toBeLessThan(5 * Math.sqrt(96 / sample.length));
    const beyond = sample.filter((x) => Math.abs(x) > 1.959964).length / sample.length;
    expect(Math.abs(beyond - 0.05)).toBeLessThan(5 * Math.sqrt((0.05 * 0.95) / sample.length));
  });

  it('is Box-Muller over its keystream, four pairs per two values, as with Math.cos and Math.sin', () => {
    const uniforms = new Float64Array(8 * 2000);
    openKeystream({ runKey, purpose: 'noise', step: 0 }).fillUniform53(uniforms);
    for (let k = 0; k < 4000; k++) {
      let sum = 0;
      for (let pair = 0; pair < 4; pair++) {
        const [first, second] = uniforms.subarray(8 * (k >> 1) + 2 * pair);
        const angle = 2 * Math.PI * (second / 2 ** 53);
        const radius = Math.sqrt(-2 * Math.log((first + 1) / 2 ** 53));
        sum += radius * (k % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
      }
      expect(Math.abs(sample[k] - sum / 2)).toBeLessThan(1e-14);
    }
  });

  it('has uncorrelated neighbours, though two of them share their pairs', () => {
    let [even, odd] = [0, 0];
    for (let k = 0; k + 2 < sample.length; k += 2) {
      even += sample[k] * sample[k + 1];
      odd += sample[k + 1] * sample[k + 2];
    }
    const error = 5 * Math.sqrt(sample.length / 2);
    expect(Math.abs(even)).toBeLessThan(error);
    expect(Math.abs(odd)).toBeLessThan(error);
  });

  it('is deterministic for a step and fresh for the next', () => {
    expect(noise(3, 100)).toEqual(noise(3, 100));
    expect(noise(3, 100)).not.toEqual(noise(4, 100));
    expect(noise(3, 100)).toEqual(noise(3, 5000).subarray(0, 100));
  });
});

describe('noiseScaleTest', () => {
  it('passes the right scale and fails a factor of 1.1 either way, and a shifted mean', () => {
    const values = noise(9, 4000);
    expect(noiseScaleTest(values, 1).passed).toBe(true);
    expect(
      noiseScaleTest(
        values.map((x) => x * 1.1),
        1,
      ).passed,
    ).toBe(false);
    expect(
      noiseScaleTest(
        values.map((x) => x / 1.1),
        1,
      ).passed,
    ).toBe(false);
    expect(
      noiseScaleTest(
        values.map((x) => x + 0.1),
        1,
      ).passed,
    ).toBe(false);
    expect(noiseScaleTest(new Float32Array(4000), 1).passed).toBe(false);
  });
});

// Computed apart, with Python's hmac (HKDF-SHA256, no salt) and `openssl enc -aes-256-ctr`, for
// the key 00..1f.
const KNOWN = [2994516347408294, 5463510569804545, 2275664442273488];
