import { describe, expect, it } from 'vitest';
import { formatS3Uri, parseS3Object, parseS3Uri } from './s3-location.ts';

describe('parseS3Uri', () => {
  it('takes a bucket and a prefix, and leaves the rest to the environment', () => {
    expect(parseS3Uri('s3://corpora/team/one/')).toEqual({
      bucket: 'corpora',
      key: 'team/one',
      endpoint: undefined,
      region: undefined,
      pathStyle: false,
    });
  });

  it('takes path style for a server of its own, unless told otherwise', () => {
    const uri = 's3://b00/x?endpoint=http://127.0.0.1:7070&region=eu-west-1';
    expect(parseS3Uri(uri)).toMatchObject({ endpoint: 'http://127.0.0.1:7070', region: 'eu-west-1' });
    expect(parseS3Uri(uri).pathStyle).toBe(true);
    expect(parseS3Uri(`${uri}&pathStyle=false`).pathStyle).toBe(false);
  });

  it.each([
    's3://bucket',
    's3://bucket/a%20b/c%25.csv',
    's3://bucket/p?endpoint=http%3A%2F%2Fs3.local%3A9000&pathStyle=false',
    's3://bucket/p?region=eu-west-1&pathStyle=true',
  ])('gives %s back as it was', (uri) => {
    expect(formatS3Uri(parseS3Uri(uri))).toBe(uri);
  });

  it.each([
    ['s3://', /names no bucket/],
    ['s3:///prefix', /names no bucket/],
    ['s3://b00/x?endpont=http://h', /endpont is not known/],
    ['s3://b00/x?endpoint=localhost:9000', /http:\/\/ or https:\/\//],
    ['s3://b00/x?pathStyle=yes', /true or false/],
    ['s3://b00/x#y', /# is not known/],
    ['s3://b00/100%', /does not start an escape/],
  ])('refuses %s', (uri, why) => {
    expect(() => parseS3Uri(uri)).toThrow(why);
  });

  it.each(['s3://AKIAKEY:hunter2@bucket/x', 's3://bucket/x?endpoint=https://AKIAKEY:hunter2@server/'])(
    'refuses credentials and does not repeat them',
    (uri) => {
      let message = '';
      try {
        parseS3Uri(uri);
      } catch (error) {
        message = (error as Error).message;
      }
      expect(message).toMatch(/must not contain credentials/);
      expect(message).not.toMatch(/AKIAKEY|hunter2/);
    },
  );
});

describe('parseS3Object', () => {
  it.each([
    ['s3://bucket/a/../b.csv', 'a/../b.csv'],
    ['s3://bucket/../b.csv', '../b.csv'],
    ['s3://bucket/./b.csv', './b.csv'],
    ['s3://bucket/a/./b.csv?region=eu-west-1', 'a/./b.csv'],
    ['s3://bucket//b.csv', '/b.csv'],
    ['s3://bucket/a//b.csv', 'a//b.csv'],
    ['s3://bucket/a%2F..%2Fb%20c%3F.csv', 'a/../b c?.csv'],
    ['s3://bucket/é 😀.csv', 'é 😀.csv'],
    ['s3://bucket/a\\b.csv', 'a\\b.csv'],
  ])('takes the key of %s as it stands: %s', (uri, key) => {
    expect(parseS3Object(uri)).toMatchObject({ bucket: 'bucket', key });
  });

  it('says of credentials that the URI must hold none, also where it is no URI otherwise', () => {
    expect(() => parseS3Object('s3://AKIAKEY:hunt er2@bu cket/x')).toThrow(/must not contain credentials/);
  });
});
